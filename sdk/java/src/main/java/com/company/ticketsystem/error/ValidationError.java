package com.company.ticketsystem.error;

/** The input is invalid; {@code details()} has the field and the reason. */
public class ValidationError extends TicketSystemError {
    /** An error of a response. */
    public ValidationError(String message, ErrorInfo info) {
        super(message, info);
    }

    /** The name of the invalid field. */
    public String field() {
        return String.valueOf(details().getOrDefault("field", ""));
    }

    /** Why the field is invalid. */
    public String reason() {
        return String.valueOf(details().getOrDefault("reason", ""));
    }
}

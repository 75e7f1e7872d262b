package com.company.ticketsystem.error;

/** The resource does not exist, or the caller may not see it. */
public class NotFound extends TicketSystemError {
    /** An error of a response. */
    public NotFound(String message, ErrorInfo info) {
        super(message, info);
    }
}

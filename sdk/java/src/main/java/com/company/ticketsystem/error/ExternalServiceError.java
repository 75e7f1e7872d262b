package com.company.ticketsystem.error;

/** The service, or one that it depends on, failed. */
public class ExternalServiceError extends TicketSystemError {
    /** An error of a response. */
    public ExternalServiceError(String message, ErrorInfo info) {
        super(message, info);
    }
}

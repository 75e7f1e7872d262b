package com.company.ticketsystem.error;

/** The resource exists already. */
public class DuplicateResource extends TicketSystemError {
    /** An error of a response. */
    public DuplicateResource(String message, ErrorInfo info) {
        super(message, info);
    }
}

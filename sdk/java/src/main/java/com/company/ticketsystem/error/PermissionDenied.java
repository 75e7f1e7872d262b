package com.company.ticketsystem.error;

/** The caller may not do this. */
public class PermissionDenied extends TicketSystemError {
    /** An error of a response. */
    public PermissionDenied(String message, ErrorInfo info) {
        super(message, info);
    }
}

package com.company.ticketsystem.error;

/** A webhook was not sent by the ticket system, was altered, or is too old. */
public class InvalidSignature extends TicketSystemError {
    /** Why the webhook is not accepted. */
    public InvalidSignature(String message) {
        super(message);
    }
}

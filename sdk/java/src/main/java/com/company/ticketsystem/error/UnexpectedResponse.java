package com.company.ticketsystem.error;

/** The response is not one of the API (but of a proxy or another service). */
public class UnexpectedResponse extends TicketSystemError {
    /** An error of a response. */
    public UnexpectedResponse(String message, ErrorInfo info) {
        super(message, info);
    }

    /** What is wrong with the response. */
    public UnexpectedResponse(String message) {
        super(message);
    }
}

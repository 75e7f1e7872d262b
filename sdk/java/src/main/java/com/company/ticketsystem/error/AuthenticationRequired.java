package com.company.ticketsystem.error;

/** The token, API key or password is missing or wrong. */
public class AuthenticationRequired extends TicketSystemError {
    /** An error of a response. */
    public AuthenticationRequired(String message, ErrorInfo info) {
        super(message, info);
    }

    /** There is nothing to sign in with. */
    public AuthenticationRequired(String message) {
        super(message);
    }
}

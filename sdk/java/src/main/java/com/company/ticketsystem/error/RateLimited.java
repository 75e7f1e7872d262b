package com.company.ticketsystem.error;

/** There were too many requests; wait for {@code retryAfter()}. */
public class RateLimited extends TicketSystemError {
    /** An error of a response. */
    public RateLimited(String message, ErrorInfo info) {
        super(message, info);
    }
}

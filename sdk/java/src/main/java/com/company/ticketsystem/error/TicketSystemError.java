package com.company.ticketsystem.error;

import java.time.Duration;
import java.util.Map;

/** The base class of all errors of this package. */
public class TicketSystemError extends RuntimeException {
    private final ErrorInfo info;

    /** An error of a response. */
    public TicketSystemError(String message, ErrorInfo info) {
        super(message);
        this.info = info;
    }

    /** An error that is not one of a response. */
    public TicketSystemError(String message) {
        this(message, ErrorInfo.NONE);
    }

    /** One of the document's "Error Codes", or empty. */
    public String code() {
        return info.code();
    }

    /** The status of the response, or null if there is none. */
    public Integer status() {
        return info.status();
    }

    /** What the server says about the error, such as the field and the reason. */
    public Map<String, Object> details() {
        return info.details();
    }

    /** The id of the request, which is in the server's log too. */
    public String requestId() {
        return info.requestId();
    }

    /** How long the server asks to wait, or null. */
    public Duration retryAfter() {
        return info.retryAfter();
    }
}

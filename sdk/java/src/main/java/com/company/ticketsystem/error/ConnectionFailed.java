package com.company.ticketsystem.error;

/** There is no complete response. */
public class ConnectionFailed extends TicketSystemError {
    private final boolean wasSent;

    /** What failed, and whether the request may have taken effect. */
    public ConnectionFailed(String message, boolean wasSent) {
        super(message);
        this.wasSent = wasSent;
    }

    /** Whether the request may have taken effect. */
    public boolean wasSent() {
        return wasSent;
    }
}

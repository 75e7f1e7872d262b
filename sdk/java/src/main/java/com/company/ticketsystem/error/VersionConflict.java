package com.company.ticketsystem.error;

/** The ticket has changed since it was read (its etag is another one). */
public class VersionConflict extends BusinessRuleViolation {
    /** An error of a response. */
    public VersionConflict(String message, ErrorInfo info) {
        super(message, info);
    }
}

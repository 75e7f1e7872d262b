// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

/** Values that requests may have. */
public enum Status {
    OPEN("open"),
    IN_PROGRESS("in_progress"),
    PENDING_APPROVAL("pending_approval"),
    RESOLVED("resolved"),
    CLOSED("closed");

    private final String value;

    Status(String value) {
        this.value = value;
    }

    /** The value as the API has it. */
    @Override
    public String toString() {
        return value;
    }
}

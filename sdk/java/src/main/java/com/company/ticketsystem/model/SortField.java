// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

/** Values that requests may have. */
public enum SortField {
    RELEVANCE("relevance"),
    CREATED_AT("created_at"),
    UPDATED_AT("updated_at"),
    PRIORITY("priority"),
    STATUS("status"),
    DUE_DATE("due_date"),
    TICKET_NUMBER("ticket_number");

    private final String value;

    SortField(String value) {
        this.value = value;
    }

    /** The value as the API has it. */
    @Override
    public String toString() {
        return value;
    }
}

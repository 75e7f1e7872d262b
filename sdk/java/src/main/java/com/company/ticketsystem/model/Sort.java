// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

/** One key of {@code sort}. */
public final class Sort extends RequestFields {
    /** With what is required. */
    public Sort(SortField field) {
        set("field", field);
    }

    /** Set {@code order}. */
    public Sort order(Order order) {
        set("order", order);
        return this;
    }
}

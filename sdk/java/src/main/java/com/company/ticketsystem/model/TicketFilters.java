// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import java.time.Instant;
import java.util.List;

/** List Tickets. */
public final class TicketFilters extends RequestFields {
    /** With what is required. */
    public TicketFilters() {
    }

    /** Set {@code status}. */
    public TicketFilters status(Status status) {
        set("status", status);
        return this;
    }

    /** Set {@code priority}. */
    public TicketFilters priority(Priority priority) {
        set("priority", priority);
        return this;
    }

    /** Set {@code search}. */
    public TicketFilters search(String search) {
        set("search", search);
        return this;
    }

    /** Set {@code created_by_id}. */
    public TicketFilters createdById(long createdById) {
        set("created_by_id", createdById);
        return this;
    }

    /** Set {@code assigned_to_id}. */
    public TicketFilters assignedToId(long assignedToId) {
        set("assigned_to_id", assignedToId);
        return this;
    }

    /** Set {@code department_id}. */
    public TicketFilters departmentId(long departmentId) {
        set("department_id", departmentId);
        return this;
    }

    /** Set {@code created_after}. */
    public TicketFilters createdAfter(Instant createdAfter) {
        set("created_after", createdAfter);
        return this;
    }

    /** Set {@code tags}. */
    public TicketFilters tags(String tags) {
        set("tags", tags);
        return this;
    }

    /** Set {@code ticket_type}. */
    public TicketFilters ticketType(TicketType ticketType) {
        set("ticket_type", ticketType);
        return this;
    }

    /** Set {@code sort}. */
    public TicketFilters sort(SortField sort) {
        set("sort", sort);
        return this;
    }

    /** Set {@code order}. */
    public TicketFilters order(Order order) {
        set("order", order);
        return this;
    }

    /** Set {@code page}. */
    public TicketFilters page(long page) {
        set("page", page);
        return this;
    }

    /** Set {@code size}. */
    public TicketFilters size(long size) {
        set("size", size);
        return this;
    }
}

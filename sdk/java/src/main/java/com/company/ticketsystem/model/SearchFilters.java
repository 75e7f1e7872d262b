// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import java.time.Instant;
import java.util.List;

/** {@code filters}: a ticket must match all of them; any of several words or ids, but all tags. */
public final class SearchFilters extends RequestFields {
    /** With what is required. */
    public SearchFilters() {
    }

    /** Set {@code status}. */
    public SearchFilters status(List<Status> status) {
        set("status", status);
        return this;
    }

    /** Set {@code priority}. */
    public SearchFilters priority(List<Priority> priority) {
        set("priority", priority);
        return this;
    }

    /** Set {@code ticket_type}. */
    public SearchFilters ticketType(List<TicketType> ticketType) {
        set("ticket_type", ticketType);
        return this;
    }

    /** Set {@code created_after}. */
    public SearchFilters createdAfter(Instant createdAfter) {
        set("created_after", createdAfter);
        return this;
    }

    /** Set {@code created_before}. */
    public SearchFilters createdBefore(Instant createdBefore) {
        set("created_before", createdBefore);
        return this;
    }

    /** Set {@code departments}. */
    public SearchFilters departments(List<Long> departments) {
        set("departments", departments);
        return this;
    }

    /** Set {@code tags}. */
    public SearchFilters tags(List<String> tags) {
        set("tags", tags);
        return this;
    }

    /** Set {@code assigned_to}. */
    public SearchFilters assignedTo(long assignedTo) {
        set("assigned_to", assignedTo);
        return this;
    }

    /** Set {@code created_by}. */
    public SearchFilters createdBy(long createdBy) {
        set("created_by", createdBy);
        return this;
    }

    /** Set {@code overdue}. */
    public SearchFilters overdue(boolean overdue) {
        set("overdue", overdue);
        return this;
    }

    /** Set {@code sla_breached}. */
    public SearchFilters slaBreached(boolean slaBreached) {
        set("sla_breached", slaBreached);
        return this;
    }
}

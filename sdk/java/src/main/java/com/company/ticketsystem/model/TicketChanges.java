// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import java.time.Instant;
import java.util.List;

/** Update Ticket: any of these fields. */
public final class TicketChanges extends RequestFields {
    /** With what is required. */
    public TicketChanges() {
    }

    /** Set {@code title}. */
    public TicketChanges title(String title) {
        set("title", title);
        return this;
    }

    /** Set {@code description}. */
    public TicketChanges description(String description) {
        set("description", description);
        return this;
    }

    /** Set {@code status}. */
    public TicketChanges status(Status status) {
        set("status", status);
        return this;
    }

    /** Set {@code priority}. */
    public TicketChanges priority(Priority priority) {
        set("priority", priority);
        return this;
    }

    /** Set {@code ticket_type}. */
    public TicketChanges ticketType(TicketType ticketType) {
        set("ticket_type", ticketType);
        return this;
    }

    /** Set {@code assigned_to_id}. */
    public TicketChanges assignedToId(long assignedToId) {
        set("assigned_to_id", assignedToId);
        return this;
    }

    /** Set {@code assigned_to_id}. */
    public TicketChanges assignedToId(Long assignedToId) {
        set("assigned_to_id", assignedToId);
        return this;
    }

    /** Set {@code department_id}. */
    public TicketChanges departmentId(long departmentId) {
        set("department_id", departmentId);
        return this;
    }

    /** Set {@code department_id}. */
    public TicketChanges departmentId(Long departmentId) {
        set("department_id", departmentId);
        return this;
    }

    /** Set {@code tags}. */
    public TicketChanges tags(List<String> tags) {
        set("tags", tags);
        return this;
    }

    /** Set {@code due_date}. */
    public TicketChanges dueDate(Instant dueDate) {
        set("due_date", dueDate);
        return this;
    }

    /** Set {@code internal_notes}. */
    public TicketChanges internalNotes(String internalNotes) {
        set("internal_notes", internalNotes);
        return this;
    }

    /** Set {@code public_notes}. */
    public TicketChanges publicNotes(String publicNotes) {
        set("public_notes", publicNotes);
        return this;
    }

    /** Set {@code customer_satisfaction_rating}. */
    public TicketChanges customerSatisfactionRating(long customerSatisfactionRating) {
        set("customer_satisfaction_rating", customerSatisfactionRating);
        return this;
    }

    /** Set {@code customer_satisfaction_rating}. */
    public TicketChanges customerSatisfactionRating(Long customerSatisfactionRating) {
        set("customer_satisfaction_rating", customerSatisfactionRating);
        return this;
    }

    /** Set {@code format}. */
    public TicketChanges format(TextFormat format) {
        set("format", format);
        return this;
    }
}

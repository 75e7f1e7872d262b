// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import java.time.Instant;
import java.util.List;

/** Create Ticket. */
public final class NewTicket extends RequestFields {
    /** With what is required. */
    public NewTicket(String title, String description) {
        set("title", title);
        set("description", description);
    }

    /** Set {@code priority}. */
    public NewTicket priority(Priority priority) {
        set("priority", priority);
        return this;
    }

    /** Set {@code status}. */
    public NewTicket status(Status status) {
        set("status", status);
        return this;
    }

    /** Set {@code ticket_type}. */
    public NewTicket ticketType(TicketType ticketType) {
        set("ticket_type", ticketType);
        return this;
    }

    /** Set {@code department_id}. */
    public NewTicket departmentId(long departmentId) {
        set("department_id", departmentId);
        return this;
    }

    /** Set {@code assigned_to_id}. */
    public NewTicket assignedToId(long assignedToId) {
        set("assigned_to_id", assignedToId);
        return this;
    }

    /** Set {@code tags}. */
    public NewTicket tags(List<String> tags) {
        set("tags", tags);
        return this;
    }

    /** Set {@code due_date}. */
    public NewTicket dueDate(Instant dueDate) {
        set("due_date", dueDate);
        return this;
    }

    /** Set {@code attachments}. */
    public NewTicket attachments(List<Object> attachments) {
        set("attachments", attachments);
        return this;
    }

    /** Set {@code format}. */
    public NewTicket format(TextFormat format) {
        set("format", format);
        return this;
    }
}

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

/** Values that requests may have. */
public enum EventName {
    TICKET_CREATED("ticket.created"),
    TICKET_UPDATED("ticket.updated"),
    TICKET_STATUS_CHANGED("ticket.status_changed"),
    TICKET_ASSIGNED("ticket.assigned"),
    COMMENT_ADDED("comment.added"),
    APPROVAL_REQUESTED("approval.requested"),
    APPROVAL_PROCESSED("approval.processed"),
    FILE_UPLOADED("file.uploaded"),
    TICKET_SLA_WARNING("ticket.sla_warning"),
    TICKET_SLA_BREACHED("ticket.sla_breached");

    private final String value;

    EventName(String value) {
        this.value = value;
    }

    /** The value as the API has it. */
    @Override
    public String toString() {
        return value;
    }
}

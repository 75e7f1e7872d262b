// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;

/** Dashboard Metrics: tickets of the period by status; averages and percentages. Missing values are null. */
public record Metrics(
        long totalTickets,
        long openTickets,
        long inProgressTickets,
        long pendingApprovalTickets,
        long resolvedTickets,
        long closedTickets,
        Double avgResolutionTime,
        Double slaCompliance,
        Double customerSatisfaction) {

    /** Read it from a response. */
    public static Metrics read(JsonObject fields) {
        return new Metrics(
                fields.integer("total_tickets"),
                fields.integer("open_tickets"),
                fields.integer("in_progress_tickets"),
                fields.integer("pending_approval_tickets"),
                fields.integer("resolved_tickets"),
                fields.integer("closed_tickets"),
                fields.optionalNumber("avg_resolution_time"),
                fields.optionalNumber("sla_compliance"),
                fields.optionalNumber("customer_satisfaction"));
    }
}

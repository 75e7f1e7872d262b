// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;

/** The figures of a team. Missing values are null. */
public record TeamMetrics(
        long assigned,
        long openNow,
        long resolved,
        long replies,
        Double avgFirstResponseTime,
        Double medianFirstResponseTime,
        Double avgResolutionTime,
        Double medianResolutionTime,
        Double reopenedRate,
        Double slaCompliance,
        Double customerSatisfaction,
        long ratings,
        long id,
        String name) {

    /** Read it from a response. */
    public static TeamMetrics read(JsonObject fields) {
        return new TeamMetrics(
                fields.integer("assigned"),
                fields.integer("open_now"),
                fields.integer("resolved"),
                fields.integer("replies"),
                fields.optionalNumber("avg_first_response_time"),
                fields.optionalNumber("median_first_response_time"),
                fields.optionalNumber("avg_resolution_time"),
                fields.optionalNumber("median_resolution_time"),
                fields.optionalNumber("reopened_rate"),
                fields.optionalNumber("sla_compliance"),
                fields.optionalNumber("customer_satisfaction"),
                fields.integer("ratings"),
                fields.integer("id"),
                fields.string("name"));
    }
}

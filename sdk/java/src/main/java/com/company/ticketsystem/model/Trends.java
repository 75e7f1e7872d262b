// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;

/** Dashboard Metrics: change since the preceding period of equal length; null without data. Missing values are null. */
public record Trends(
        String ticketVolumeTrend,
        String resolutionTimeTrend,
        String satisfactionTrend) {

    /** Read it from a response. */
    public static Trends read(JsonObject fields) {
        return new Trends(
                fields.optionalString("ticket_volume_trend"),
                fields.optionalString("resolution_time_trend"),
                fields.optionalString("satisfaction_trend"));
    }
}

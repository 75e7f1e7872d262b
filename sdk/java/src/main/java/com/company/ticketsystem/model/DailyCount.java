// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;
import java.time.LocalDate;

/** Tickets created and resolved on one day (UTC). Missing values are null. */
public record DailyCount(
        LocalDate date,
        long created,
        long resolved) {

    /** Read it from a response. */
    public static DailyCount read(JsonObject fields) {
        return new DailyCount(
                fields.date("date"),
                fields.integer("created"),
                fields.integer("resolved"));
    }
}

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;

/** Tickets that are not done now, regardless of the period. Missing values are null. */
public record Backlog(
        long total,
        long unassigned,
        long overdue) {

    /** Read it from a response. */
    public static Backlog read(JsonObject fields) {
        return new Backlog(
                fields.integer("total"),
                fields.integer("unassigned"),
                fields.integer("overdue"));
    }
}

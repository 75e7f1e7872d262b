// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;

/** How many deliveries are sent again; {@code has_more} if there are more than one call handles. Missing values are null. */
public record ReplayResult(
        long replayed,
        boolean hasMore) {

    /** Read it from a response. */
    public static ReplayResult read(JsonObject fields) {
        return new ReplayResult(
                fields.integer("replayed"),
                fields.flag("has_more"));
    }
}

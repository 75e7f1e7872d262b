// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;

/** One of the most frequent categories. Missing values are null. */
public record CategoryCount(
        String name,
        long count) {

    /** Read it from a response. */
    public static CategoryCount read(JsonObject fields) {
        return new CategoryCount(
                fields.string("name"),
                fields.integer("count"));
    }
}

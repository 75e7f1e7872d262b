// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;

/** The policy of an approval; without an id if it was deleted. Missing values are null. */
public record PolicySummary(
        Long id,
        String name) {

    /** Read it from a response. */
    public static PolicySummary read(JsonObject fields) {
        return new PolicySummary(
                fields.optionalInteger("id"),
                fields.string("name"));
    }
}

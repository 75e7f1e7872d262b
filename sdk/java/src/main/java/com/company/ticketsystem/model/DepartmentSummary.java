// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;

/** The department a ticket belongs to. Missing values are null. */
public record DepartmentSummary(
        long id,
        String name) {

    /** Read it from a response. */
    public static DepartmentSummary read(JsonObject fields) {
        return new DepartmentSummary(
                fields.integer("id"),
                fields.string("name"));
    }
}

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;

/** The user who created a ticket, is assigned to it or wrote a comment. Missing values are null. */
public record UserSummary(
        long id,
        String username,
        String firstName,
        String lastName) {

    /** Read it from a response. */
    public static UserSummary read(JsonObject fields) {
        return new UserSummary(
                fields.integer("id"),
                fields.string("username"),
                fields.string("first_name"),
                fields.string("last_name"));
    }
}

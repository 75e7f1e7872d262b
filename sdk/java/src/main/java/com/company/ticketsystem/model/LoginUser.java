// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;
import java.util.List;

/** The user in the response to a login. Missing values are null. */
public record LoginUser(
        long id,
        String username,
        String email,
        String firstName,
        String lastName,
        String role,
        List<String> permissions) {

    /** Read it from a response. */
    public static LoginUser read(JsonObject fields) {
        return new LoginUser(
                fields.integer("id"),
                fields.string("username"),
                fields.string("email"),
                fields.string("first_name"),
                fields.string("last_name"),
                fields.string("role"),
                fields.strings("permissions"));
    }
}

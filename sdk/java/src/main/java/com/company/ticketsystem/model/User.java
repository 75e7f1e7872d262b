// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** User Model. Missing values are null. */
public record User(
        long id,
        String username,
        String email,
        String firstName,
        String lastName,
        String role,
        List<String> permissions,
        Long departmentId,
        boolean isActive,
        Instant lastLogin,
        Instant createdAt,
        Map<String, Object> preferences) {

    /** Read it from a response. */
    public static User read(JsonObject fields) {
        return new User(
                fields.integer("id"),
                fields.string("username"),
                fields.string("email"),
                fields.string("first_name"),
                fields.string("last_name"),
                fields.string("role"),
                fields.strings("permissions"),
                fields.optionalInteger("department_id"),
                fields.flag("is_active"),
                fields.optionalTime("last_login"),
                fields.time("created_at"),
                fields.object("preferences"));
    }
}

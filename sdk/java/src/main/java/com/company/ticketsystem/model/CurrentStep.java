// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;
import java.time.Instant;

/** The step that has to be decided next. Missing values are null. */
public record CurrentStep(
        long step,
        String name,
        Instant dueAt) {

    /** Read it from a response. */
    public static CurrentStep read(JsonObject fields) {
        return new CurrentStep(
                fields.integer("step"),
                fields.string("name"),
                fields.optionalTime("due_at"));
    }
}

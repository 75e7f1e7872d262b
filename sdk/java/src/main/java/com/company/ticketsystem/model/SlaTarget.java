// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;
import java.time.Instant;

/** The state of an SLA target; {@code seconds_left} is set while the clock is paused. Missing values are null. */
public record SlaTarget(
        String state,
        Instant dueBy,
        Long secondsLeft,
        Instant breachedAt) {

    /** Read it from a response. */
    public static SlaTarget read(JsonObject fields) {
        return new SlaTarget(
                fields.string("state"),
                fields.optionalTime("due_by"),
                fields.optionalInteger("seconds_left"),
                fields.optionalTime("breached_at"));
    }
}

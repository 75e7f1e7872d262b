// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;
import java.time.Instant;

/** A delivery to a webhook. Missing values are null. */
public record Delivery(
        long id,
        String messageId,
        String webhookId,
        String event,
        String state,
        long attempts,
        Instant nextTryAt,
        Long responseStatus,
        Instant createdAt,
        Instant deliveredAt) {

    /** Read it from a response. */
    public static Delivery read(JsonObject fields) {
        return new Delivery(
                fields.integer("id"),
                fields.string("message_id"),
                fields.string("webhook_id"),
                fields.string("event"),
                fields.string("state"),
                fields.integer("attempts"),
                fields.optionalTime("next_try_at"),
                fields.optionalInteger("response_status"),
                fields.time("created_at"),
                fields.optionalTime("delivered_at"));
    }
}

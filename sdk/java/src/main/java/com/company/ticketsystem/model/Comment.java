// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;
import java.time.Instant;
import java.util.List;

/** Comment Model, with its author. Missing values are null. */
public record Comment(
        long id,
        long ticketId,
        Long userId,
        String content,
        boolean isInternal,
        List<Long> mentions,
        Instant createdAt,
        Instant updatedAt,
        boolean edited,
        List<Long> attachments,
        UserSummary user) {

    /** Read it from a response. */
    public static Comment read(JsonObject fields) {
        return new Comment(
                fields.integer("id"),
                fields.integer("ticket_id"),
                fields.optionalInteger("user_id"),
                fields.string("content"),
                fields.flag("is_internal"),
                fields.integers("mentions"),
                fields.time("created_at"),
                fields.time("updated_at"),
                fields.flag("edited"),
                fields.integers("attachments"),
                fields.optionalModel("user", UserSummary::read));
    }
}

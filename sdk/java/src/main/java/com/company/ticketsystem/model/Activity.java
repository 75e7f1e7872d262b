// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;
import java.time.Instant;

/** An entry of the activity timeline; {@code note} is the comment of a decision. Missing values are null. */
public record Activity(
        long id,
        String event,
        String field,
        String oldValue,
        String newValue,
        String note,
        Long commentId,
        Long attachmentId,
        boolean isInternal,
        Long userId,
        UserSummary user,
        Instant createdAt) {

    /** Read it from a response. */
    public static Activity read(JsonObject fields) {
        return new Activity(
                fields.integer("id"),
                fields.string("event"),
                fields.optionalString("field"),
                fields.optionalString("old_value"),
                fields.optionalString("new_value"),
                fields.optionalString("note"),
                fields.optionalInteger("comment_id"),
                fields.optionalInteger("attachment_id"),
                fields.flag("is_internal"),
                fields.optionalInteger("user_id"),
                fields.optionalModel("user", UserSummary::read),
                fields.time("created_at"));
    }
}

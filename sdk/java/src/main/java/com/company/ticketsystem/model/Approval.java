// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;
import java.time.Instant;
import java.util.List;

/** An approval and its state. Missing values are null. */
public record Approval(
        long id,
        long ticketId,
        String state,
        PolicySummary policy,
        String reason,
        UserSummary requestedBy,
        Instant createdAt,
        String question,
        UserSummary questionBy,
        Instant decidedAt,
        UserSummary decidedBy,
        List<String> conditions,
        String rejectedBecause,
        List<ApprovalStep> steps) {

    /** Read it from a response. */
    public static Approval read(JsonObject fields) {
        return new Approval(
                fields.integer("id"),
                fields.integer("ticket_id"),
                fields.string("state"),
                fields.optionalModel("policy", PolicySummary::read),
                fields.optionalString("reason"),
                fields.model("requested_by", UserSummary::read),
                fields.time("created_at"),
                fields.optionalString("question"),
                fields.optionalModel("question_by", UserSummary::read),
                fields.optionalTime("decided_at"),
                fields.optionalModel("decided_by", UserSummary::read),
                fields.strings("conditions"),
                fields.optionalString("rejected_because"),
                fields.models("steps", ApprovalStep::read));
    }
}

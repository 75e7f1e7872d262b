// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;
import java.time.Instant;
import java.util.List;

/** An approver and their decision. Missing values are null. */
public record ApproverDecision(
        UserSummary approver,
        String state,
        String comments,
        List<String> conditions,
        UserSummary delegatedBy,
        boolean isEscalation,
        Instant askedAt,
        Instant decidedAt) {

    /** Read it from a response. */
    public static ApproverDecision read(JsonObject fields) {
        return new ApproverDecision(
                fields.model("approver", UserSummary::read),
                fields.string("state"),
                fields.optionalString("comments"),
                fields.strings("conditions"),
                fields.optionalModel("delegated_by", UserSummary::read),
                fields.flag("is_escalation"),
                fields.time("asked_at"),
                fields.optionalTime("decided_at"));
    }
}

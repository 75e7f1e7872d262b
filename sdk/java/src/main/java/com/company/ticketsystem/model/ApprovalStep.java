// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;
import java.time.Instant;
import java.util.List;

/** One step of an approval; only staff see its approvers. Missing values are null. */
public record ApprovalStep(
        long step,
        String name,
        String state,
        Object quorum,
        Instant startedAt,
        Instant dueAt,
        Instant escalatedAt,
        Instant decidedAt,
        List<ApproverDecision> asks) {

    /** Read it from a response. */
    public static ApprovalStep read(JsonObject fields) {
        return new ApprovalStep(
                fields.integer("step"),
                fields.string("name"),
                fields.string("state"),
                fields.value("quorum"),
                fields.optionalTime("started_at"),
                fields.optionalTime("due_at"),
                fields.optionalTime("escalated_at"),
                fields.optionalTime("decided_at"),
                fields.models("asks", ApproverDecision::read));
    }
}

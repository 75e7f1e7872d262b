// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;
import java.time.Instant;
import java.util.List;

/** An item of List Pending Approvals. Missing values are null. */
public record PendingApproval(
        long id,
        long ticketId,
        String state,
        PolicySummary policy,
        String reason,
        long requestedById,
        UserSummary requestedBy,
        Instant createdAt,
        Instant dueDate,
        CurrentStep currentStep,
        TicketSummary ticket) {

    /** Read it from a response. */
    public static PendingApproval read(JsonObject fields) {
        return new PendingApproval(
                fields.integer("id"),
                fields.integer("ticket_id"),
                fields.string("state"),
                fields.optionalModel("policy", PolicySummary::read),
                fields.optionalString("reason"),
                fields.integer("requested_by_id"),
                fields.model("requested_by", UserSummary::read),
                fields.time("created_at"),
                fields.optionalTime("due_date"),
                fields.model("current_step", CurrentStep::read),
                fields.model("ticket", TicketSummary::read));
    }
}

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;
import java.time.Instant;

/** The ticket that needs approval. Missing values are null. */
public record TicketSummary(
        long id,
        String ticketNumber,
        String title,
        String status,
        String priority,
        String ticketType,
        Long departmentId,
        DepartmentSummary department,
        long createdById,
        UserSummary createdBy,
        Instant createdAt) {

    /** Read it from a response. */
    public static TicketSummary read(JsonObject fields) {
        return new TicketSummary(
                fields.integer("id"),
                fields.string("ticket_number"),
                fields.string("title"),
                fields.string("status"),
                fields.string("priority"),
                fields.string("ticket_type"),
                fields.optionalInteger("department_id"),
                fields.optionalModel("department", DepartmentSummary::read),
                fields.integer("created_by_id"),
                fields.model("created_by", UserSummary::read),
                fields.time("created_at"));
    }
}

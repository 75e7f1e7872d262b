// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;
import java.time.Instant;
import java.util.List;

/** Ticket Model, with its users and department (List Tickets). Missing values are null. */
public record Ticket(
        long id,
        String ticketNumber,
        String title,
        String description,
        String status,
        String priority,
        String ticketType,
        long createdById,
        Long assignedToId,
        Long departmentId,
        List<String> tags,
        Instant createdAt,
        Instant updatedAt,
        Instant dueDate,
        Long resolutionTime,
        Instant slaBreachTime,
        Long customerSatisfactionRating,
        String internalNotes,
        String publicNotes,
        UserSummary createdBy,
        UserSummary assignedTo,
        DepartmentSummary department) {

    /** Read it from a response. */
    public static Ticket read(JsonObject fields) {
        return new Ticket(
                fields.integer("id"),
                fields.string("ticket_number"),
                fields.string("title"),
                fields.string("description"),
                fields.string("status"),
                fields.string("priority"),
                fields.string("ticket_type"),
                fields.integer("created_by_id"),
                fields.optionalInteger("assigned_to_id"),
                fields.optionalInteger("department_id"),
                fields.strings("tags"),
                fields.time("created_at"),
                fields.time("updated_at"),
                fields.optionalTime("due_date"),
                fields.optionalInteger("resolution_time"),
                fields.optionalTime("sla_breach_time"),
                fields.optionalInteger("customer_satisfaction_rating"),
                fields.optionalString("internal_notes"),
                fields.optionalString("public_notes"),
                fields.model("created_by", UserSummary::read),
                fields.optionalModel("assigned_to", UserSummary::read),
                fields.optionalModel("department", DepartmentSummary::read));
    }
}

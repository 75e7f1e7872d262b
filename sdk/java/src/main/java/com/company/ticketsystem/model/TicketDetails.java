// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;
import java.time.Instant;
import java.util.List;

/** The complete ticket. Missing values are null. */
public record TicketDetails(
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
        DepartmentSummary department,
        List<Comment> comments,
        long commentsTotal,
        List<Attachment> attachments,
        List<String> awaitedAttachments,
        String approvalStatus,
        List<Approval> approvals,
        List<Activity> activityTimeline,
        List<RelatedTicket> relatedTickets,
        TicketSla sla,
        String etag) {

    /** Read it from a response. */
    public static TicketDetails read(JsonObject fields) {
        return new TicketDetails(
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
                fields.optionalModel("department", DepartmentSummary::read),
                fields.models("comments", Comment::read),
                fields.integer("comments_total"),
                fields.models("attachments", Attachment::read),
                fields.strings("awaited_attachments"),
                fields.optionalString("approval_status"),
                fields.models("approvals", Approval::read),
                fields.models("activity_timeline", Activity::read),
                fields.models("related_tickets", RelatedTicket::read),
                fields.model("sla", TicketSla::read),
                fields.optionalString("etag"));
    }
}

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;
import java.time.Instant;

/** Upload File, with the other metadata of the file. Missing values are null. */
public record Attachment(
        long id,
        String filename,
        long size,
        String contentType,
        String uploadUrl,
        String virusScanStatus,
        long ticketId,
        Long commentId,
        String description,
        boolean isInternal,
        long uploadedById,
        UserSummary uploadedBy,
        Instant uploadedAt) {

    /** Read it from a response. */
    public static Attachment read(JsonObject fields) {
        return new Attachment(
                fields.integer("id"),
                fields.string("filename"),
                fields.integer("size"),
                fields.string("content_type"),
                fields.string("upload_url"),
                fields.string("virus_scan_status"),
                fields.integer("ticket_id"),
                fields.optionalInteger("comment_id"),
                fields.optionalString("description"),
                fields.flag("is_internal"),
                fields.integer("uploaded_by_id"),
                fields.model("uploaded_by", UserSummary::read),
                fields.time("uploaded_at"));
    }
}

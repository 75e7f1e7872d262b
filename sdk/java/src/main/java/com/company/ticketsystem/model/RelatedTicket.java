// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;

/** A related ticket. Missing values are null. */
public record RelatedTicket(
        long id,
        String ticketNumber,
        String title,
        String status,
        String relation) {

    /** Read it from a response. */
    public static RelatedTicket read(JsonObject fields) {
        return new RelatedTicket(
                fields.integer("id"),
                fields.string("ticket_number"),
                fields.string("title"),
                fields.string("status"),
                fields.string("relation"));
    }
}

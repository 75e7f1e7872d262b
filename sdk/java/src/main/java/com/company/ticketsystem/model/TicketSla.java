// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;

/** The SLA targets of the ticket. Missing values are null. */
public record TicketSla(
        SlaTarget firstResponse,
        SlaTarget resolution) {

    /** Read it from a response. */
    public static TicketSla read(JsonObject fields) {
        return new TicketSla(
                fields.optionalModel("first_response", SlaTarget::read),
                fields.optionalModel("resolution", SlaTarget::read));
    }
}

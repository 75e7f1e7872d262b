// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;
import java.time.Instant;

/** The start and end of the report. Missing values are null. */
public record Period(
        Instant start,
        Instant end) {

    /** Read it from a response. */
    public static Period read(JsonObject fields) {
        return new Period(
                fields.time("start"),
                fields.time("end"));
    }
}

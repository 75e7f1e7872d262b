// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;
import java.time.LocalDate;

/** The days of the report, both included. Missing values are null. */
public record DateRange(
        LocalDate startDate,
        LocalDate endDate) {

    /** Read it from a response. */
    public static DateRange read(JsonObject fields) {
        return new DateRange(
                fields.date("start_date"),
                fields.date("end_date"));
    }
}

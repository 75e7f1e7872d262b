// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;

/** One attempt of a delivery. Missing values are null. */
public record DeliveryAttempt(
        String at,
        Long status,
        String error,
        long milliseconds) {

    /** Read it from a response. */
    public static DeliveryAttempt read(JsonObject fields) {
        return new DeliveryAttempt(
                fields.string("at"),
                fields.optionalInteger("status"),
                fields.optionalString("error"),
                fields.integer("milliseconds"));
    }
}

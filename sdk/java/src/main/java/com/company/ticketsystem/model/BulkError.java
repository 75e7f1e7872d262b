// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;

/** Why a decision failed, with the document's error codes. Missing values are null. */
public record BulkError(
        String code,
        String message) {

    /** Read it from a response. */
    public static BulkError read(JsonObject fields) {
        return new BulkError(
                fields.string("code"),
                fields.string("message"));
    }
}

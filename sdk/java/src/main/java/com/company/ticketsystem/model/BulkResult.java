// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;

/** The result for one approval. Missing values are null. */
public record BulkResult(
        long approvalId,
        boolean success,
        String state,
        BulkError error) {

    /** Read it from a response. */
    public static BulkResult read(JsonObject fields) {
        return new BulkResult(
                fields.integer("approval_id"),
                fields.flag("success"),
                fields.optionalString("state"),
                fields.optionalModel("error", BulkError::read));
    }
}

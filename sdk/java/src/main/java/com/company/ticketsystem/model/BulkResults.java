// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;
import java.util.List;

/** Bulk Approval: one result per id, in the same order. Missing values are null. */
public record BulkResults(
        List<BulkResult> results,
        long total,
        long succeeded,
        long failed) {

    /** Read it from a response. */
    public static BulkResults read(JsonObject fields) {
        return new BulkResults(
                fields.models("results", BulkResult::read),
                fields.integer("total"),
                fields.integer("succeeded"),
                fields.integer("failed"));
    }
}

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;

/** The user who owns the webhook. Missing values are null. */
public record WebhookOwner(
        long id,
        String username) {

    /** Read it from a response. */
    public static WebhookOwner read(JsonObject fields) {
        return new WebhookOwner(
                fields.integer("id"),
                fields.string("username"));
    }
}

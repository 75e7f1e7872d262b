// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import java.util.List;

/** Webhook Configuration. */
public final class NewWebhook extends RequestFields {
    /** With what is required. */
    public NewWebhook(String url, List<EventName> events) {
        set("url", url);
        set("events", events);
    }

    /** Set {@code secret}. */
    public NewWebhook secret(String secret) {
        set("secret", secret);
        return this;
    }

    /** Set {@code active}. */
    public NewWebhook active(boolean active) {
        set("active", active);
        return this;
    }
}

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import java.util.List;

/** Update a webhook: any of these fields. */
public final class WebhookChanges extends RequestFields {
    /** With what is required. */
    public WebhookChanges() {
    }

    /** Set {@code url}. */
    public WebhookChanges url(String url) {
        set("url", url);
        return this;
    }

    /** Set {@code events}. */
    public WebhookChanges events(List<EventName> events) {
        set("events", events);
        return this;
    }

    /** Set {@code active}. */
    public WebhookChanges active(boolean active) {
        set("active", active);
        return this;
    }

    /** Set {@code active}. */
    public WebhookChanges active(Boolean active) {
        set("active", active);
        return this;
    }
}

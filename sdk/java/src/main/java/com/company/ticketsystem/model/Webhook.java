// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;
import java.time.Instant;
import java.util.List;

/** A subscription; {@code secret} is included only when it was just created. Missing values are null. */
public record Webhook(
        long id,
        String webhookId,
        String url,
        List<String> events,
        boolean active,
        WebhookOwner owner,
        long failures,
        Instant failingSince,
        String switchedOffReason,
        Instant oldSecretValidUntil,
        Instant createdAt,
        Instant updatedAt,
        String secret) {

    /** Read it from a response. */
    public static Webhook read(JsonObject fields) {
        return new Webhook(
                fields.integer("id"),
                fields.string("webhook_id"),
                fields.string("url"),
                fields.strings("events"),
                fields.flag("active"),
                fields.model("owner", WebhookOwner::read),
                fields.integer("failures"),
                fields.optionalTime("failing_since"),
                fields.optionalString("switched_off_reason"),
                fields.optionalTime("old_secret_valid_until"),
                fields.time("created_at"),
                fields.time("updated_at"),
                fields.optionalString("secret"));
    }

    /** Everything but the secrets. */
    @Override
    public String toString() {
        return "Webhook[id=" + id + ", webhookId=" + webhookId + ", url=" + url + ", events=" + events + ", active=" + active + ", owner=" + owner + ", failures=" + failures + ", failingSince=" + failingSince + ", switchedOffReason=" + switchedOffReason + ", oldSecretValidUntil=" + oldSecretValidUntil + ", createdAt=" + createdAt + ", updatedAt=" + updatedAt + "]";
    }
}

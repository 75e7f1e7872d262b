package com.company.ticketsystem;

import com.company.ticketsystem.error.InvalidSignature;
import com.company.ticketsystem.error.UnexpectedResponse;
import com.company.ticketsystem.json.Json;
import com.company.ticketsystem.json.JsonObject;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import static java.nio.charset.StandardCharsets.UTF_8;

/** Verification of webhooks by their Standard Webhooks signature. */
public final class WebhookSignature {
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    private WebhookSignature() {}

    /**
     * Return the event of a webhook request that was signed with the secret in the last five minutes.
     *
     * @param payload the raw body of the request
     * @throws InvalidSignature if the request is not genuine
     */
    public static WebhookEvent verify(byte[] payload, Map<String, String> headers, String secret) {
        Map<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        byName.putAll(headers);
        String id = byName.getOrDefault("webhook-id", "");
        String moment = byName.getOrDefault("webhook-timestamp", "");
        String signatures = byName.getOrDefault("webhook-signature", "");
        if (id.isEmpty() || signatures.isEmpty() || !moment.matches("[0-9]{1,15}")) {
            throw new InvalidSignature("the webhook's headers are missing or malformed");
        }
        long age = Math.abs(Instant.now().getEpochSecond() - Long.parseLong(moment));
        if (age > TOLERANCE.toSeconds()) {
            throw new InvalidSignature("the webhook's timestamp is too old or in the future");
        }
        byte[] expected = ("v1," + sign(id + "." + moment + ".", payload, secret)).getBytes(UTF_8);
        boolean matches = false;
        for (String one : signatures.split(" ")) {
            matches |= MessageDigest.isEqual(expected, one.getBytes(UTF_8));
        }
        if (!matches) {
            throw new InvalidSignature("the webhook was not signed with this secret");
        }
        return event(payload);
    }

    private static WebhookEvent event(byte[] payload) {
        try {
            JsonObject fields = JsonObject.of(Json.parse(new String(payload, UTF_8)));
            return new WebhookEvent(
                    fields.string("event"),
                    fields.time("timestamp"),
                    fields.object("data"),
                    fields.optionalString("webhook_id"));
        } catch (IllegalArgumentException | UnexpectedResponse malformed) {
            throw new InvalidSignature("the webhook's body is not an event");
        }
    }

    private static String sign(String head, byte[] payload, String secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key(secret), "HmacSHA256"));
            mac.update(head.getBytes(UTF_8));
            return Base64.getEncoder().encodeToString(mac.doFinal(payload));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Return the key of a secret: decoded after {@code whsec_}, else its own bytes. */
    private static byte[] key(String secret) {
        if (!secret.startsWith("whsec_")) {
            return secret.getBytes(UTF_8);
        }
        try {
            return Base64.getDecoder().decode(secret.substring("whsec_".length()));
        } catch (IllegalArgumentException malformed) {
            throw new InvalidSignature("what follows whsec_ in the secret is not Base64");
        }
    }
}

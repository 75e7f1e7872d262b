package com.company.ticketsystem;

import com.company.ticketsystem.model.Delivery;
import com.company.ticketsystem.model.DeliveryDetails;
import com.company.ticketsystem.model.EventName;
import com.company.ticketsystem.model.NewWebhook;
import com.company.ticketsystem.model.ReplayResult;
import com.company.ticketsystem.model.Webhook;
import com.company.ticketsystem.model.WebhookChanges;
import java.time.Instant;
import java.util.Map;

/** Webhook subscriptions and deliveries. An id may be the numeric id, as a text, or "wh_...". */
public final class Webhooks extends Resource {
    Webhooks(Transport transport) {
        super(transport);
    }

    /** Create a subscription. Without a secret, one is generated; only this response has it. */
    public Webhook create(NewWebhook webhook) {
        return one(Webhook::read, Call.post("/webhooks", webhook.toMap()));
    }

    /** Return the first page of the subscriptions. */
    public Page<Webhook> list() {
        return list(1, 20);
    }

    /** Return a page of the subscriptions. */
    public Page<Webhook> list(long page, long size) {
        Map<String, Object> query = Values.given("page", page, "size", size);
        return page(Webhook::read, Webhook::id, Call.get("/webhooks").withQuery(query));
    }

    /** Return a subscription. */
    public Webhook get(String id) {
        return one(Webhook::read, Call.get(path(id, "")));
    }

    /** Change a subscription. */
    public Webhook update(String id, WebhookChanges changes) {
        return one(Webhook::read, Call.patch(path(id, ""), changes.toMap()));
    }

    /** Delete a subscription. */
    public void delete(String id) {
        transport.send(Call.delete(path(id, "")));
    }

    /** Replace the secret by a new one; both sign for a day. Only this response has it. */
    public Webhook rotateSecret(String id) {
        return rotateSecret(id, null);
    }

    /** Replace the secret by this one; both sign for a day. */
    public Webhook rotateSecret(String id, String secret) {
        return one(Webhook::read, Call.post(path(id, "/rotate-secret"), Values.given("secret", secret)));
    }

    /** Send a test event. */
    public Delivery test(String id) {
        return one(Delivery::read, Call.post(path(id, "/test"), null));
    }

    /** Return the first page of a webhook's deliveries, newest first. */
    public Page<Delivery> deliveries(String id) {
        return deliveries(id, null, null, 1, 20);
    }

    /** Return a page of a webhook's deliveries in a state, about an event; both may be null. */
    public Page<Delivery> deliveries(String id, String state, EventName event, long page, long size) {
        Map<String, Object> query =
                Values.given("state", state, "event", event, "page", page, "size", size);
        return page(Delivery::read, Delivery::id, Call.get(path(id, "/deliveries")).withQuery(query));
    }

    /** Return a delivery with its payload, response and attempts. */
    public DeliveryDetails delivery(String id, long deliveryId) {
        return one(DeliveryDetails::read, Call.get(path(id, "/deliveries/" + deliveryId)));
    }

    /** Send a delivery again. */
    public Delivery replay(String id, long deliveryId) {
        return one(Delivery::read, Call.post(path(id, "/deliveries/" + deliveryId + "/replay"), null));
    }

    /** Send the deliveries of a period again: those in a state, or (null) those that failed. */
    public ReplayResult replaySince(String id, Instant since, Instant until, String state) {
        Map<String, Object> body = Values.given("since", since, "until", until, "state", state);
        return one(ReplayResult::read, Call.post(path(id, "/replay"), body));
    }

    private static String path(String id, String rest) {
        return "/webhooks/" + Values.segment(id) + rest;
    }
}

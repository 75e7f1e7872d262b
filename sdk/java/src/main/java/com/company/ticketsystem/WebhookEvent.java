package com.company.ticketsystem;

import java.time.Instant;
import java.util.Map;

/** Webhook Payload, with a verified signature. */
public record WebhookEvent(String event, Instant timestamp, Map<String, Object> data, String webhookId) {}

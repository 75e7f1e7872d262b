<?php

declare(strict_types=1);

namespace Company\TicketSystem;

/** Webhook Payload, with a verified signature. */
final readonly class WebhookEvent
{
    /** @param array<string, mixed> $data */
    public function __construct(
        public string $event,
        public \DateTimeImmutable $timestamp,
        public array $data,
        public ?string $webhookId,
    ) {
    }
}

<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** A delivery to a webhook. */
final readonly class Delivery
{
    public function __construct(
        public int $id,
        public string $messageId,
        public string $webhookId,
        public string $event,
        public string $state,
        public int $attempts,
        public ?\DateTimeImmutable $nextTryAt,
        public ?int $responseStatus,
        public \DateTimeImmutable $createdAt,
        public ?\DateTimeImmutable $deliveredAt,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            $fields->integer('id'),
            $fields->string('message_id'),
            $fields->string('webhook_id'),
            $fields->string('event'),
            $fields->string('state'),
            $fields->integer('attempts'),
            $fields->optionalTime('next_try_at'),
            $fields->optionalInteger('response_status'),
            $fields->time('created_at'),
            $fields->optionalTime('delivered_at'),
        );
    }
}

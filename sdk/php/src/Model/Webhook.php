<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** A subscription; `secret` is included only when it was just created. */
final readonly class Webhook
{
    /**
     * @param list<string> $events
     */
    public function __construct(
        public int $id,
        public string $webhookId,
        public string $url,
        public array $events,
        public bool $active,
        public WebhookOwner $owner,
        public int $failures,
        public ?\DateTimeImmutable $failingSince,
        public ?string $switchedOffReason,
        public ?\DateTimeImmutable $oldSecretValidUntil,
        public \DateTimeImmutable $createdAt,
        public \DateTimeImmutable $updatedAt,
        public ?string $secret,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            $fields->integer('id'),
            $fields->string('webhook_id'),
            $fields->string('url'),
            $fields->strings('events'),
            $fields->boolean('active'),
            $fields->model('owner', WebhookOwner::read(...)),
            $fields->integer('failures'),
            $fields->optionalTime('failing_since'),
            $fields->optionalString('switched_off_reason'),
            $fields->optionalTime('old_secret_valid_until'),
            $fields->time('created_at'),
            $fields->time('updated_at'),
            $fields->optionalString('secret'),
        );
    }

    /** @return array<string, mixed> */
    public function __debugInfo(): array
    {
        return ['secret' => '...'] + get_object_vars($this);
    }
}

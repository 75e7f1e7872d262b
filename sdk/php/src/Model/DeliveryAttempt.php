<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** One attempt of a delivery. */
final readonly class DeliveryAttempt
{
    public function __construct(
        public string $at,
        public ?int $status,
        public ?string $error,
        public int $milliseconds,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            $fields->string('at'),
            $fields->optionalInteger('status'),
            $fields->optionalString('error'),
            $fields->integer('milliseconds'),
        );
    }
}

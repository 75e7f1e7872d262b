<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** The state of an SLA target; `seconds_left` is set while the clock is paused. */
final readonly class SlaTarget
{
    public function __construct(
        public string $state,
        public ?\DateTimeImmutable $dueBy,
        public ?int $secondsLeft,
        public ?\DateTimeImmutable $breachedAt,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            $fields->string('state'),
            $fields->optionalTime('due_by'),
            $fields->optionalInteger('seconds_left'),
            $fields->optionalTime('breached_at'),
        );
    }
}

<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** The step that has to be decided next. */
final readonly class CurrentStep
{
    public function __construct(
        public int $step,
        public string $name,
        public ?\DateTimeImmutable $dueAt,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            $fields->integer('step'),
            $fields->string('name'),
            $fields->optionalTime('due_at'),
        );
    }
}

<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** Tickets that are not done now, regardless of the period. */
final readonly class Backlog
{
    public function __construct(
        public int $total,
        public int $unassigned,
        public int $overdue,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            $fields->integer('total'),
            $fields->integer('unassigned'),
            $fields->integer('overdue'),
        );
    }
}

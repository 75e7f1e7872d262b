<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** Tickets created and resolved on one day (UTC). */
final readonly class DailyCount
{
    public function __construct(
        public \DateTimeImmutable $date,
        public int $created,
        public int $resolved,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            $fields->date('date'),
            $fields->integer('created'),
            $fields->integer('resolved'),
        );
    }
}

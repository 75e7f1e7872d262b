<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** A related ticket. */
final readonly class RelatedTicket
{
    public function __construct(
        public int $id,
        public string $ticketNumber,
        public string $title,
        public string $status,
        public string $relation,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            $fields->integer('id'),
            $fields->string('ticket_number'),
            $fields->string('title'),
            $fields->string('status'),
            $fields->string('relation'),
        );
    }
}

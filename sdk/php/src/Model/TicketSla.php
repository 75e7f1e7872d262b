<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** The SLA targets of the ticket. */
final readonly class TicketSla
{
    public function __construct(
        public ?SlaTarget $firstResponse,
        public ?SlaTarget $resolution,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            $fields->optionalModel('first_response', SlaTarget::read(...)),
            $fields->optionalModel('resolution', SlaTarget::read(...)),
        );
    }
}

<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** The policy of an approval; without an id if it was deleted. */
final readonly class PolicySummary
{
    public function __construct(
        public ?int $id,
        public string $name,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            $fields->optionalInteger('id'),
            $fields->string('name'),
        );
    }
}

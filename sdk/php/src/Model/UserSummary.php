<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** The user who created a ticket, is assigned to it or wrote a comment. */
final readonly class UserSummary
{
    public function __construct(
        public int $id,
        public string $username,
        public string $firstName,
        public string $lastName,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            $fields->integer('id'),
            $fields->string('username'),
            $fields->string('first_name'),
            $fields->string('last_name'),
        );
    }
}

<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** How many deliveries are sent again; `has_more` if there are more than one call handles. */
final readonly class ReplayResult
{
    public function __construct(
        public int $replayed,
        public bool $hasMore,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            $fields->integer('replayed'),
            $fields->boolean('has_more'),
        );
    }
}

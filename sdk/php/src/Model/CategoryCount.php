<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** One of the most frequent categories. */
final readonly class CategoryCount
{
    public function __construct(
        public string $name,
        public int $count,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            $fields->string('name'),
            $fields->integer('count'),
        );
    }
}

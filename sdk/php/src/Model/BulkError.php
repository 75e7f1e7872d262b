<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** Why a decision failed, with the document's error codes. */
final readonly class BulkError
{
    public function __construct(
        public string $code,
        public string $message,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            $fields->string('code'),
            $fields->string('message'),
        );
    }
}

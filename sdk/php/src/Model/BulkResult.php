<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** The result for one approval. */
final readonly class BulkResult
{
    public function __construct(
        public int $approvalId,
        public bool $success,
        public ?string $state,
        public ?BulkError $error,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            $fields->integer('approval_id'),
            $fields->boolean('success'),
            $fields->optionalString('state'),
            $fields->optionalModel('error', BulkError::read(...)),
        );
    }
}

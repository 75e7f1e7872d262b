<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** Bulk Approval: one result per id, in the same order. */
final readonly class BulkResults
{
    /**
     * @param list<BulkResult> $results
     */
    public function __construct(
        public array $results,
        public int $total,
        public int $succeeded,
        public int $failed,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            $fields->models('results', BulkResult::read(...)),
            $fields->integer('total'),
            $fields->integer('succeeded'),
            $fields->integer('failed'),
        );
    }
}

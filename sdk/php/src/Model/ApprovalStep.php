<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** One step of an approval; only staff see its approvers. */
final readonly class ApprovalStep
{
    /**
     * @param list<ApproverDecision> $asks
     */
    public function __construct(
        public int $step,
        public string $name,
        public string $state,
        public mixed $quorum,
        public ?\DateTimeImmutable $startedAt,
        public ?\DateTimeImmutable $dueAt,
        public ?\DateTimeImmutable $escalatedAt,
        public ?\DateTimeImmutable $decidedAt,
        public array $asks,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            $fields->integer('step'),
            $fields->string('name'),
            $fields->string('state'),
            $fields->value('quorum'),
            $fields->optionalTime('started_at'),
            $fields->optionalTime('due_at'),
            $fields->optionalTime('escalated_at'),
            $fields->optionalTime('decided_at'),
            $fields->models('asks', ApproverDecision::read(...)),
        );
    }
}

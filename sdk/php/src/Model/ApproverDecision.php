<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** An approver and their decision. */
final readonly class ApproverDecision
{
    /**
     * @param list<string> $conditions
     */
    public function __construct(
        public UserSummary $approver,
        public string $state,
        public ?string $comments,
        public array $conditions,
        public ?UserSummary $delegatedBy,
        public bool $isEscalation,
        public \DateTimeImmutable $askedAt,
        public ?\DateTimeImmutable $decidedAt,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            $fields->model('approver', UserSummary::read(...)),
            $fields->string('state'),
            $fields->optionalString('comments'),
            $fields->strings('conditions'),
            $fields->optionalModel('delegated_by', UserSummary::read(...)),
            $fields->boolean('is_escalation'),
            $fields->time('asked_at'),
            $fields->optionalTime('decided_at'),
        );
    }
}

<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** An approval and its state. */
final readonly class Approval
{
    /**
     * @param list<string> $conditions
     * @param list<ApprovalStep> $steps
     */
    public function __construct(
        public int $id,
        public int $ticketId,
        public string $state,
        public ?PolicySummary $policy,
        public ?string $reason,
        public UserSummary $requestedBy,
        public \DateTimeImmutable $createdAt,
        public ?string $question,
        public ?UserSummary $questionBy,
        public ?\DateTimeImmutable $decidedAt,
        public ?UserSummary $decidedBy,
        public array $conditions,
        public ?string $rejectedBecause,
        public array $steps,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            $fields->integer('id'),
            $fields->integer('ticket_id'),
            $fields->string('state'),
            $fields->optionalModel('policy', PolicySummary::read(...)),
            $fields->optionalString('reason'),
            $fields->model('requested_by', UserSummary::read(...)),
            $fields->time('created_at'),
            $fields->optionalString('question'),
            $fields->optionalModel('question_by', UserSummary::read(...)),
            $fields->optionalTime('decided_at'),
            $fields->optionalModel('decided_by', UserSummary::read(...)),
            $fields->strings('conditions'),
            $fields->optionalString('rejected_because'),
            $fields->models('steps', ApprovalStep::read(...)),
        );
    }
}

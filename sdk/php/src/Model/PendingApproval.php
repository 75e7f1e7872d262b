<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** An item of List Pending Approvals. */
final readonly class PendingApproval
{
    public function __construct(
        public int $id,
        public int $ticketId,
        public string $state,
        public ?PolicySummary $policy,
        public ?string $reason,
        public int $requestedById,
        public UserSummary $requestedBy,
        public \DateTimeImmutable $createdAt,
        public ?\DateTimeImmutable $dueDate,
        public CurrentStep $currentStep,
        public TicketSummary $ticket,
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
            $fields->integer('requested_by_id'),
            $fields->model('requested_by', UserSummary::read(...)),
            $fields->time('created_at'),
            $fields->optionalTime('due_date'),
            $fields->model('current_step', CurrentStep::read(...)),
            $fields->model('ticket', TicketSummary::read(...)),
        );
    }
}

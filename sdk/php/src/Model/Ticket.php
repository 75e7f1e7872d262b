<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** Ticket Model, with its users and department (List Tickets). */
final readonly class Ticket
{
    /**
     * @param list<string> $tags
     */
    public function __construct(
        public int $id,
        public string $ticketNumber,
        public string $title,
        public string $description,
        public string $status,
        public string $priority,
        public string $ticketType,
        public int $createdById,
        public ?int $assignedToId,
        public ?int $departmentId,
        public array $tags,
        public \DateTimeImmutable $createdAt,
        public \DateTimeImmutable $updatedAt,
        public ?\DateTimeImmutable $dueDate,
        public ?int $resolutionTime,
        public ?\DateTimeImmutable $slaBreachTime,
        public ?int $customerSatisfactionRating,
        public ?string $internalNotes,
        public ?string $publicNotes,
        public UserSummary $createdBy,
        public ?UserSummary $assignedTo,
        public ?DepartmentSummary $department,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            $fields->integer('id'),
            $fields->string('ticket_number'),
            $fields->string('title'),
            $fields->string('description'),
            $fields->string('status'),
            $fields->string('priority'),
            $fields->string('ticket_type'),
            $fields->integer('created_by_id'),
            $fields->optionalInteger('assigned_to_id'),
            $fields->optionalInteger('department_id'),
            $fields->strings('tags'),
            $fields->time('created_at'),
            $fields->time('updated_at'),
            $fields->optionalTime('due_date'),
            $fields->optionalInteger('resolution_time'),
            $fields->optionalTime('sla_breach_time'),
            $fields->optionalInteger('customer_satisfaction_rating'),
            $fields->optionalString('internal_notes'),
            $fields->optionalString('public_notes'),
            $fields->model('created_by', UserSummary::read(...)),
            $fields->optionalModel('assigned_to', UserSummary::read(...)),
            $fields->optionalModel('department', DepartmentSummary::read(...)),
        );
    }
}

<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** The ticket that needs approval. */
final readonly class TicketSummary
{
    public function __construct(
        public int $id,
        public string $ticketNumber,
        public string $title,
        public string $status,
        public string $priority,
        public string $ticketType,
        public ?int $departmentId,
        public ?DepartmentSummary $department,
        public int $createdById,
        public UserSummary $createdBy,
        public \DateTimeImmutable $createdAt,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            $fields->integer('id'),
            $fields->string('ticket_number'),
            $fields->string('title'),
            $fields->string('status'),
            $fields->string('priority'),
            $fields->string('ticket_type'),
            $fields->optionalInteger('department_id'),
            $fields->optionalModel('department', DepartmentSummary::read(...)),
            $fields->integer('created_by_id'),
            $fields->model('created_by', UserSummary::read(...)),
            $fields->time('created_at'),
        );
    }
}

<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** The complete ticket. */
final readonly class TicketDetails
{
    /**
     * @param list<string> $tags
     * @param list<Comment> $comments
     * @param list<Attachment> $attachments
     * @param list<string> $awaitedAttachments
     * @param list<Approval> $approvals
     * @param list<Activity> $activityTimeline
     * @param list<RelatedTicket> $relatedTickets
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
        public array $comments,
        public int $commentsTotal,
        public array $attachments,
        public array $awaitedAttachments,
        public ?string $approvalStatus,
        public array $approvals,
        public array $activityTimeline,
        public array $relatedTickets,
        public TicketSla $sla,
        public ?string $etag,
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
            $fields->models('comments', Comment::read(...)),
            $fields->integer('comments_total'),
            $fields->models('attachments', Attachment::read(...)),
            $fields->strings('awaited_attachments'),
            $fields->optionalString('approval_status'),
            $fields->models('approvals', Approval::read(...)),
            $fields->models('activity_timeline', Activity::read(...)),
            $fields->models('related_tickets', RelatedTicket::read(...)),
            $fields->model('sla', TicketSla::read(...)),
            $fields->optionalString('etag'),
        );
    }
}

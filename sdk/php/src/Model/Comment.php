<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** Comment Model, with its author. */
final readonly class Comment
{
    /**
     * @param list<int> $mentions
     * @param list<int> $attachments
     */
    public function __construct(
        public int $id,
        public int $ticketId,
        public ?int $userId,
        public string $content,
        public bool $isInternal,
        public array $mentions,
        public \DateTimeImmutable $createdAt,
        public \DateTimeImmutable $updatedAt,
        public bool $edited,
        public array $attachments,
        public ?UserSummary $user,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            $fields->integer('id'),
            $fields->integer('ticket_id'),
            $fields->optionalInteger('user_id'),
            $fields->string('content'),
            $fields->boolean('is_internal'),
            $fields->integers('mentions'),
            $fields->time('created_at'),
            $fields->time('updated_at'),
            $fields->boolean('edited'),
            $fields->integers('attachments'),
            $fields->optionalModel('user', UserSummary::read(...)),
        );
    }
}

<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** An entry of the activity timeline; `note` is the comment of a decision. */
final readonly class Activity
{
    public function __construct(
        public int $id,
        public string $event,
        public ?string $field,
        public ?string $oldValue,
        public ?string $newValue,
        public ?string $note,
        public ?int $commentId,
        public ?int $attachmentId,
        public bool $isInternal,
        public ?int $userId,
        public ?UserSummary $user,
        public \DateTimeImmutable $createdAt,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            $fields->integer('id'),
            $fields->string('event'),
            $fields->optionalString('field'),
            $fields->optionalString('old_value'),
            $fields->optionalString('new_value'),
            $fields->optionalString('note'),
            $fields->optionalInteger('comment_id'),
            $fields->optionalInteger('attachment_id'),
            $fields->boolean('is_internal'),
            $fields->optionalInteger('user_id'),
            $fields->optionalModel('user', UserSummary::read(...)),
            $fields->time('created_at'),
        );
    }
}

<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** Upload File, with the other metadata of the file. */
final readonly class Attachment
{
    public function __construct(
        public int $id,
        public string $filename,
        public int $size,
        public string $contentType,
        public string $uploadUrl,
        public string $virusScanStatus,
        public int $ticketId,
        public ?int $commentId,
        public ?string $description,
        public bool $isInternal,
        public int $uploadedById,
        public UserSummary $uploadedBy,
        public \DateTimeImmutable $uploadedAt,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            $fields->integer('id'),
            $fields->string('filename'),
            $fields->integer('size'),
            $fields->string('content_type'),
            $fields->string('upload_url'),
            $fields->string('virus_scan_status'),
            $fields->integer('ticket_id'),
            $fields->optionalInteger('comment_id'),
            $fields->optionalString('description'),
            $fields->boolean('is_internal'),
            $fields->integer('uploaded_by_id'),
            $fields->model('uploaded_by', UserSummary::read(...)),
            $fields->time('uploaded_at'),
        );
    }
}

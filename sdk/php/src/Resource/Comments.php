<?php

declare(strict_types=1);

namespace Company\TicketSystem\Resource;

use Company\TicketSystem\Internal\Call;
use Company\TicketSystem\Internal\Values;
use Company\TicketSystem\Model\Comment;
use Company\TicketSystem\Model\TextFormat;
use Company\TicketSystem\Page;

/** The comments of tickets. */
final class Comments extends Resource
{
    /**
     * Add a comment to a ticket; mentions are "@username".
     *
     * @param list<string|int> $mentions
     * @param list<string|int> $attachments names or ids of files of the ticket
     */
    public function create(
        int|string $ticketId,
        string $content,
        bool $isInternal = false,
        array $mentions = [],
        array $attachments = [],
        TextFormat|string|null $format = null,
    ): Comment {
        $path = '/comments/ticket/' . Values::segment($ticketId);
        return $this->one(Comment::read(...), new Call('POST', $path, json: self::given([
            'content' => $content,
            'is_internal' => $isInternal,
            'mentions' => $mentions,
            'attachments' => $attachments,
            'format' => $format,
        ])));
    }

    /**
     * Return a page of a ticket's comments.
     *
     * @return Page<Comment>
     */
    public function list(
        int|string $ticketId,
        ?int $page = null,
        ?int $size = null,
        bool $includeInternal = false,
    ): Page {
        $query = ['page' => $page, 'size' => $size, 'include_internal' => $includeInternal];
        $path = '/comments/ticket/' . Values::segment($ticketId);
        return $this->page(Comment::read(...), new Call('GET', $path, Values::query($query)));
    }

    /** Change a comment's content, its format or both. */
    public function update(int $id, ?string $content = null, TextFormat|string|null $format = null): Comment
    {
        $changes = self::given(['content' => $content, 'format' => $format]);
        return $this->one(Comment::read(...), new Call('PATCH', "/comments/$id", json: $changes));
    }

    /** Delete a comment. */
    public function delete(int $id): void
    {
        $this->transport->send(new Call('DELETE', "/comments/$id"));
    }
}

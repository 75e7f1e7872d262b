<?php

declare(strict_types=1);

namespace Company\TicketSystem\Resource;

use Company\TicketSystem\Internal\Call;
use Company\TicketSystem\Internal\Downloads;
use Company\TicketSystem\Internal\Values;
use Company\TicketSystem\Model\Attachment;
use Company\TicketSystem\Page;

/** The files of tickets. */
final class Attachments extends Resource
{
    /**
     * Upload a file, given as its path, or as a `CURLStringFile` with its content.
     */
    public function upload(
        int|string $ticketId,
        string|\CURLFile|\CURLStringFile $file,
        ?string $filename = null,
        ?string $contentType = null,
        ?string $description = null,
        bool $isInternal = false,
    ): Attachment {
        $fields = ['description' => $description, 'is_internal' => $isInternal ? 'true' : 'false'];
        $path = '/attachments/ticket/' . Values::segment($ticketId) . '/upload';
        $upload = is_string($file) ? self::open($file, $filename, $contentType) : $file;
        $call = new Call('POST', $path, form: ['file' => $upload] + self::given($fields));
        return $this->one(Attachment::read(...), $call);
    }

    /**
     * Return a page of a ticket's files.
     *
     * @return Page<Attachment>
     */
    public function list(int|string $ticketId, ?int $page = null, ?int $size = null): Page
    {
        $path = '/attachments/ticket/' . Values::segment($ticketId);
        $query = Values::query(['page' => $page, 'size' => $size]);
        return $this->page(Attachment::read(...), new Call('GET', $path, $query));
    }

    /** Return the metadata of a file. */
    public function get(int $id): Attachment
    {
        return $this->one(Attachment::read(...), new Call('GET', "/attachments/$id"));
    }

    /** Write the content of a file to a path, where it appears when it is complete; return the path. */
    public function download(int $id, string $to): string
    {
        return Downloads::toFile($this->transport, "/attachments/$id/download", [], $to);
    }

    /** Return the content of a file. */
    public function content(int $id): string
    {
        $call = new Call('GET', "/attachments/$id/download", headers: ['Accept' => '*/*']);
        return $this->transport->send($call)->body;
    }

    /** Delete a file. */
    public function delete(int $id): void
    {
        $this->transport->send(new Call('DELETE', "/attachments/$id"));
    }

    private static function open(string $path, ?string $filename, ?string $contentType): \CURLFile
    {
        if (!is_readable($path)) {
            throw new \RuntimeException("cannot read $path");
        }
        $type = $contentType ?? (function_exists('mime_content_type') ? mime_content_type($path) : false);
        return new \CURLFile($path, $type ?: 'application/octet-stream', $filename ?? basename($path));
    }
}

<?php

declare(strict_types=1);

namespace Company\TicketSystem\Error;

/** The base class of all errors of this package. */
class TicketSystemError extends \RuntimeException
{
    /** @param array<string, mixed> $details */
    public function __construct(
        string $message,
        /** One of the document's "Error Codes", or empty. */
        public readonly string $errorCode = '',
        public readonly ?int $status = null,
        public readonly array $details = [],
        public readonly string $requestId = '',
        /** The seconds that the server asks to wait. */
        public readonly ?float $retryAfter = null,
        ?\Throwable $previous = null,
    ) {
        parent::__construct($message, 0, $previous);
    }
}

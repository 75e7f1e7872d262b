<?php

declare(strict_types=1);

namespace Company\TicketSystem\Internal;

use Company\TicketSystem\Error\UnexpectedResponse;

/**
 * A response of the server.
 *
 * @internal
 */
final readonly class Response
{
    /** @param array<string, string> $headers by their name in lower case */
    public function __construct(public int $status, public array $headers, public string $body)
    {
    }

    public function isSuccess(): bool
    {
        return $this->status >= 200 && $this->status < 300;
    }

    public function header(string $name): ?string
    {
        return $this->headers[$name] ?? null;
    }

    /** Return the seconds that `Retry-After` asks to wait, given as a number or as a date. */
    public function retryAfter(): ?float
    {
        $header = trim($this->header('retry-after') ?? '');
        if (ctype_digit($header)) {
            return (float) $header;
        }
        $moment = $header === '' ? false : strtotime($header);
        return $moment === false ? null : (float) max(0, $moment - time());
    }

    /** @return array<string, mixed> the JSON object in the body */
    public function object(): array
    {
        $body = json_decode($this->body, true);
        if (!is_array($body) || (array_is_list($body) && $body !== [])) {
            $message = "HTTP {$this->status}: not a response of the ticket system";
            throw new UnexpectedResponse($message, status: $this->status);
        }
        return $body;
    }
}

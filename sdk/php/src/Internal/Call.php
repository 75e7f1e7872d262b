<?php

declare(strict_types=1);

namespace Company\TicketSystem\Internal;

/**
 * A request. A `repeatable` one may be sent again even if the first may have taken effect.
 *
 * @internal
 */
final readonly class Call
{
    /**
     * @param array<string, mixed> $query
     * @param array<array-key, mixed>|null $json
     * @param array<string, mixed>|null $form with a `file`, as curl takes it
     * @param array<string, string> $headers
     * @param resource|null $sink what the body of a successful response is written to
     */
    public function __construct(
        public string $method,
        public string $path,
        public array $query = [],
        public ?array $json = null,
        public ?array $form = null,
        public array $headers = [],
        public bool $isAuthorized = true,
        public bool $isRepeatable = true,
        public mixed $sink = null,
    ) {
    }

    /** Return the same call for another page of its list. */
    public function forPage(int $page): self
    {
        $isSearch = $this->json !== null;
        return new self(
            $this->method,
            $this->path,
            $isSearch ? $this->query : ['page' => $page] + $this->query,
            $isSearch ? ['page' => $page] + $this->json : null,
        );
    }
}

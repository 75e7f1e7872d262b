<?php

declare(strict_types=1);

namespace Company\TicketSystem\Internal;

use Company\TicketSystem\Error\ConnectionFailed;

/**
 * The attempts of one call so far, and whether there is another one.
 *
 * @internal
 */
final class Attempts
{
    /** Statuses of requests that the server has not processed. */
    private const NOT_PROCESSED = [429, 503];
    private const TEMPORARY = [429, 502, 503, 504];

    private int $count = 0;
    private bool $wasRenewed = false;
    private bool $mayHaveTakenEffect = false;

    public function __construct(
        private readonly Call $call,
        private readonly int $retries,
        private readonly float $firstWait,
        private readonly float $maxWait,
    ) {
    }

    /** Return the seconds until the next attempt. Throws `ConnectionFailed` if there is none. */
    public function delayAfterConnectionError(string $error, bool $isValid, bool $wasSent): float
    {
        $wait = $isValid ? $this->wait(null) : null;
        $this->mayHaveTakenEffect = $this->mayHaveTakenEffect || $wasSent;
        if ($wait === null || ($wasSent && !$this->call->isRepeatable)) {
            $message = "{$this->call->method} {$this->call->path} got no response: $error";
            throw new ConnectionFailed($message, $this->mayHaveTakenEffect);
        }
        $this->count++;
        return $wait;
    }

    /** Return the seconds until the next attempt. Throws the error if there is none. */
    public function delayAfterErrorResponse(Response $response): float
    {
        $temporary = $this->call->isRepeatable ? self::TEMPORARY : self::NOT_PROCESSED;
        $isTemporary = in_array($response->status, $temporary, true);
        $conflictsWithOwnAttempt = $this->call->method === 'POST'
            && $response->status === 409 && $this->mayHaveTakenEffect;
        $wait = $isTemporary || $conflictsWithOwnAttempt ? $this->wait($response->retryAfter()) : null;
        if ($wait === null) {
            throw Errors::of($response);
        }
        $wasProcessed = !in_array($response->status, self::NOT_PROCESSED, true);
        $this->mayHaveTakenEffect = $this->mayHaveTakenEffect || $wasProcessed;
        $this->count++;
        return $wait;
    }

    /** Return whether to renew the access token: true at most once. */
    public function shouldRenewToken(Response $response): bool
    {
        if ($response->status !== 401 || !$this->call->isAuthorized || $this->wasRenewed) {
            return false;
        }
        return $this->wasRenewed = true;
    }

    /** Return whether an earlier attempt has deleted the resource. */
    public function wasAlreadyDeleted(Response $response): bool
    {
        return $this->call->method === 'DELETE' && $response->status === 404 && $this->mayHaveTakenEffect;
    }

    private function wait(?float $requested): ?float
    {
        if ($this->count >= $this->retries || ($requested ?? 0.0) > $this->maxWait) {
            return null;
        }
        $delay = min($this->firstWait * 2 ** $this->count, $this->maxWait);
        return max($requested ?? 0.0, $delay * random_int(500, 1000) / 1000);
    }
}

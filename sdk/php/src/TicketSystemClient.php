<?php

declare(strict_types=1);

namespace Company\TicketSystem;

use Company\TicketSystem\Internal\Credentials;
use Company\TicketSystem\Internal\Transport;
use Company\TicketSystem\Resource\Approvals;
use Company\TicketSystem\Resource\Attachments;
use Company\TicketSystem\Resource\Auth;
use Company\TicketSystem\Resource\Comments;
use Company\TicketSystem\Resource\Reports;
use Company\TicketSystem\Resource\Tickets;
use Company\TicketSystem\Resource\Webhooks;

/**
 * A client for the Enterprise Ticket Management System's API.
 *
 * A request without a response, or with a temporary error, is sent again up to `$retries` times, with
 * growing pauses; a POST carries an `Idempotency-Key`, so that it takes effect once. If the server
 * asks for a pause longer than `$maxWait` seconds, its error is thrown.
 */
final readonly class TicketSystemClient
{
    public Auth $auth;
    public Tickets $tickets;
    public Comments $comments;
    public Attachments $attachments;
    public Approvals $approvals;
    public Reports $reports;
    public Webhooks $webhooks;
    private Credentials $credentials;

    /**
     * @param string|null $apiKey a personal API token; an access token takes precedence
     * @param float $timeout seconds without data after which a request has failed
     * @param float $firstWait seconds before the first retry; each pause is twice the one before
     */
    public function __construct(
        public string $baseUrl,
        #[\SensitiveParameter] ?string $apiKey = null,
        float $timeout = 30.0,
        int $retries = 3,
        float $firstWait = 0.5,
        float $maxWait = 60.0,
    ) {
        $this->credentials = new Credentials($apiKey);
        $transport = new Transport($baseUrl, $this->credentials, $timeout, $retries, $firstWait, $maxWait);
        $this->auth = new Auth($transport);
        $this->tickets = new Tickets($transport);
        $this->comments = new Comments($transport);
        $this->attachments = new Attachments($transport);
        $this->approvals = new Approvals($transport);
        $this->reports = new Reports($transport);
        $this->webhooks = new Webhooks($transport);
    }

    /**
     * Use this access token, and renew it if its refresh token is given.
     *
     * The access token of the last login keeps the refresh token that came with it.
     */
    public function setToken(
        #[\SensitiveParameter] ?string $accessToken,
        #[\SensitiveParameter] ?string $refreshToken = null,
    ): void {
        $this->credentials->use($accessToken, $refreshToken);
    }

    /** @return array<string, mixed> */
    public function __debugInfo(): array
    {
        return ['baseUrl' => $this->baseUrl];
    }
}

<?php

declare(strict_types=1);

namespace Company\TicketSystem\Resource;

use Company\TicketSystem\Error\AuthenticationRequired;
use Company\TicketSystem\Internal\Call;
use Company\TicketSystem\Internal\Transport;
use Company\TicketSystem\Model\Session;
use Company\TicketSystem\Model\User;

/** Sign-in and sign-out. */
final class Auth extends Resource
{
    public function __construct(Transport $transport)
    {
        parent::__construct($transport);
        $transport->fetchTokens = function (#[\SensitiveParameter] string $refreshToken): array {
            $session = $this->renew($refreshToken);
            return [$session->accessToken, $session->refreshToken];
        };
    }

    /** Sign in. The client then uses and renews this session's tokens. */
    public function login(string $username, #[\SensitiveParameter] string $password): Session
    {
        $body = ['username' => $username, 'password' => $password];
        $session = $this->one(
            Session::read(...),
            new Call('POST', '/auth/login', json: $body, isAuthorized: false),
        );
        $this->transport->credentials->use($session->accessToken, $session->refreshToken);
        return $session;
    }

    /** Exchange a refresh token (by default the client's own) for new tokens; it works once. */
    public function refresh(#[\SensitiveParameter] ?string $refreshToken = null): Session
    {
        $token = $refreshToken ?? $this->transport->credentials->refreshToken();
        if ($token === null) {
            throw new AuthenticationRequired('there is no refresh token: sign in first');
        }
        $session = $this->renew($token);
        $this->transport->credentials->use($session->accessToken, $session->refreshToken);
        return $session;
    }

    /** Return the user that the token belongs to. */
    public function me(): User
    {
        return $this->one(User::read(...), new Call('GET', '/auth/me'));
    }

    /** Sign out; the session's tokens become invalid. */
    public function logout(): void
    {
        $this->transport->send(new Call('POST', '/auth/logout'));
        $this->transport->credentials->use(null);
    }

    private function renew(#[\SensitiveParameter] string $refreshToken): Session
    {
        // Not retried once it may have arrived: using a refresh token twice ends the session.
        return $this->one(Session::read(...), new Call(
            'POST',
            '/auth/refresh',
            headers: ['Authorization' => "Bearer $refreshToken"],
            isAuthorized: false,
            isRepeatable: false,
        ));
    }
}

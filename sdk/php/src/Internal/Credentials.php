<?php

declare(strict_types=1);

namespace Company\TicketSystem\Internal;

/**
 * An API key, or an access token and its refresh token.
 *
 * @internal
 */
final class Credentials
{
    private ?string $apiKey;
    private ?string $access = null;
    private ?string $refresh = null;

    public function __construct(#[\SensitiveParameter] ?string $apiKey)
    {
        $this->apiKey = self::clean($apiKey);
    }

    /** Use this access token, and renew it if a refresh token is given. */
    public function use(#[\SensitiveParameter] ?string $access, #[\SensitiveParameter] ?string $refresh = null): void
    {
        [$access, $refresh] = [self::clean($access), self::clean($refresh)];
        if ($refresh === null && $access === $this->access) {
            return;
        }
        [$this->access, $this->refresh] = [$access, $refresh];
    }

    public function accessToken(): ?string
    {
        return $this->access;
    }

    public function refreshToken(): ?string
    {
        return $this->refresh;
    }

    /** Return the refresh token, which is not used again: a second use would end the session. */
    public function takeRefreshToken(): ?string
    {
        [$refresh, $this->refresh] = [$this->refresh, null];
        return $refresh;
    }

    /** @return list<string> the header that authenticates a request */
    public function headers(): array
    {
        if ($this->access !== null) {
            return ["Authorization: Bearer {$this->access}"];
        }
        return $this->apiKey === null ? [] : ["X-API-Key: {$this->apiKey}"];
    }

    /** @return array<string, mixed> */
    public function __debugInfo(): array
    {
        return [];
    }

    private static function clean(#[\SensitiveParameter] ?string $token): ?string
    {
        $token = trim($token ?? '');
        if (preg_match('/[^\x21-\x7e]/', $token) === 1) {
            throw new \InvalidArgumentException('a token or API key may contain printable ASCII characters only');
        }
        return $token === '' ? null : $token;
    }
}

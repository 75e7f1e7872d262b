<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** The response to a login. */
final readonly class Session
{
    public function __construct(
        public string $accessToken,
        public string $refreshToken,
        public string $tokenType,
        public int $expiresIn,
        public LoginUser $user,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            $fields->string('access_token'),
            $fields->string('refresh_token'),
            $fields->string('token_type'),
            $fields->integer('expires_in'),
            $fields->model('user', LoginUser::read(...)),
        );
    }

    /** @return array<string, mixed> */
    public function __debugInfo(): array
    {
        return ['accessToken' => '...', 'refreshToken' => '...'] + get_object_vars($this);
    }
}

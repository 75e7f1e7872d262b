<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** The user in the response to a login. */
final readonly class LoginUser
{
    /**
     * @param list<string> $permissions
     */
    public function __construct(
        public int $id,
        public string $username,
        public string $email,
        public string $firstName,
        public string $lastName,
        public string $role,
        public array $permissions,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            $fields->integer('id'),
            $fields->string('username'),
            $fields->string('email'),
            $fields->string('first_name'),
            $fields->string('last_name'),
            $fields->string('role'),
            $fields->strings('permissions'),
        );
    }
}

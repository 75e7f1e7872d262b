<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** User Model. */
final readonly class User
{
    /**
     * @param list<string> $permissions
     * @param array<string, mixed> $preferences
     */
    public function __construct(
        public int $id,
        public string $username,
        public string $email,
        public string $firstName,
        public string $lastName,
        public string $role,
        public array $permissions,
        public ?int $departmentId,
        public bool $isActive,
        public ?\DateTimeImmutable $lastLogin,
        public \DateTimeImmutable $createdAt,
        public array $preferences,
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
            $fields->optionalInteger('department_id'),
            $fields->boolean('is_active'),
            $fields->optionalTime('last_login'),
            $fields->time('created_at'),
            $fields->object('preferences'),
        );
    }
}

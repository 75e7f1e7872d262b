<?php

declare(strict_types=1);

namespace Company\TicketSystem\Internal;

use Company\TicketSystem\Error\UnexpectedResponse;

/**
 * The fields of an object in a response, each read as the type it should have.
 *
 * @internal
 */
final readonly class Fields
{
    /** @param array<array-key, mixed> $values */
    public function __construct(private array $values)
    {
    }

    public static function of(mixed $value): self
    {
        if (!is_array($value)) {
            throw new UnexpectedResponse('the response has no object where there should be one');
        }
        return new self($value);
    }

    public function value(string $name): mixed
    {
        return $this->values[$name] ?? null;
    }

    public function integer(string $name): int
    {
        return $this->optionalInteger($name) ?? self::fail($name);
    }

    public function optionalInteger(string $name): ?int
    {
        $value = $this->value($name);
        return $value === null || is_int($value) ? $value : self::fail($name);
    }

    public function number(string $name): float
    {
        return $this->optionalNumber($name) ?? self::fail($name);
    }

    public function optionalNumber(string $name): ?float
    {
        $value = $this->value($name);
        return $value === null ? null : (is_int($value) || is_float($value) ? (float) $value : self::fail($name));
    }

    public function boolean(string $name): bool
    {
        return $this->optionalBoolean($name) ?? self::fail($name);
    }

    public function optionalBoolean(string $name): ?bool
    {
        $value = $this->value($name);
        return $value === null || is_bool($value) ? $value : self::fail($name);
    }

    public function string(string $name): string
    {
        return $this->optionalString($name) ?? self::fail($name);
    }

    public function optionalString(string $name): ?string
    {
        $value = $this->value($name);
        return $value === null || is_string($value) ? $value : self::fail($name);
    }

    public function time(string $name): \DateTimeImmutable
    {
        return $this->optionalTime($name) ?? self::fail($name);
    }

    public function optionalTime(string $name): ?\DateTimeImmutable
    {
        $text = $this->optionalString($name);
        try {
            return $text === null ? null : new \DateTimeImmutable($text, new \DateTimeZone('UTC'));
        } catch (\Exception) {
            self::fail($name);
        }
    }

    public function date(string $name): \DateTimeImmutable
    {
        return $this->time($name);
    }

    /** @return array<string, mixed> */
    public function object(string $name): array
    {
        return $this->optionalObject($name) ?? self::fail($name);
    }

    /** @return array<string, mixed>|null */
    public function optionalObject(string $name): ?array
    {
        $value = $this->value($name);
        return $value === null || is_array($value) ? $value : self::fail($name);
    }

    /** @return list<mixed> */
    public function values(string $name): array
    {
        $value = $this->value($name) ?? [];
        return is_array($value) && array_is_list($value) ? $value : self::fail($name);
    }

    /** @return list<string> */
    public function strings(string $name): array
    {
        $values = $this->values($name);
        return $values === array_filter($values, is_string(...)) ? $values : self::fail($name);
    }

    /** @return list<int> */
    public function integers(string $name): array
    {
        $values = $this->values($name);
        return $values === array_filter($values, is_int(...)) ? $values : self::fail($name);
    }

    /**
     * @template T of object
     * @param callable(self): T $read
     * @return T
     */
    public function model(string $name, callable $read): object
    {
        return $read(self::of($this->value($name)));
    }

    /**
     * @template T of object
     * @param callable(self): T $read
     * @return T|null
     */
    public function optionalModel(string $name, callable $read): ?object
    {
        return $this->value($name) === null ? null : $this->model($name, $read);
    }

    /**
     * @template T of object
     * @param callable(self): T $read
     * @return list<T>
     */
    public function models(string $name, callable $read): array
    {
        return array_map(static fn (mixed $one): object => $read(self::of($one)), $this->values($name));
    }

    private static function fail(string $name): never
    {
        throw new UnexpectedResponse("the field $name of the response is missing or malformed");
    }
}

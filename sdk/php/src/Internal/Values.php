<?php

declare(strict_types=1);

namespace Company\TicketSystem\Internal;

/**
 * What methods are given, as the API expects it.
 *
 * @internal
 */
final class Values
{
    /** @param array<array-key, mixed> $values */
    public static function json(array $values): string
    {
        $plain = self::plain($values);
        // An empty array is an object here: no method sends an empty list by itself.
        return json_encode($plain === [] ? new \stdClass() : $plain, \JSON_THROW_ON_ERROR | \JSON_UNESCAPED_SLASHES | \JSON_UNESCAPED_UNICODE);
    }

    /** Return a value with texts in place of dates and enumerations. */
    public static function plain(mixed $value): mixed
    {
        return match (true) {
            $value instanceof \DateTimeInterface => $value->format(\DateTimeInterface::RFC3339_EXTENDED),
            $value instanceof \BackedEnum => $value->value,
            is_array($value) => array_map(self::plain(...), $value),
            default => $value,
        };
    }

    /**
     * @param array<string, mixed> $values
     * @return array<string, mixed> those that are not null
     */
    public static function given(array $values): array
    {
        return array_filter($values, static fn (mixed $one): bool => $one !== null);
    }

    /**
     * @param array<string, mixed> $values
     * @return array<string, mixed> the parameters of a query: lists are separated by commas
     */
    public static function query(array $values): array
    {
        return array_map(static function (mixed $value): mixed {
            $plain = self::plain($value);
            return match (true) {
                is_bool($plain) => $plain ? 'true' : 'false',
                is_array($plain) => implode(',', $plain),
                default => $plain,
            };
        }, self::given($values));
    }

    /** Return an id, escaped as one segment of a path. */
    public static function segment(int|string $id): string
    {
        return rawurlencode((string) $id);
    }

    /** Return a day as the API expects it. */
    public static function day(\DateTimeInterface|string|null $day): ?string
    {
        return $day instanceof \DateTimeInterface ? $day->format('Y-m-d') : $day;
    }
}

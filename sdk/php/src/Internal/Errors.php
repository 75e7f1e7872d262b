<?php

declare(strict_types=1);

namespace Company\TicketSystem\Internal;

use Company\TicketSystem\Error;

/**
 * The errors that responses report.
 *
 * @internal
 */
final class Errors
{
    private const BY_CODE = [
        'VALIDATION_ERROR' => Error\ValidationError::class,
        'AUTHENTICATION_REQUIRED' => Error\AuthenticationRequired::class,
        'PERMISSION_DENIED' => Error\PermissionDenied::class,
        'RESOURCE_NOT_FOUND' => Error\NotFound::class,
        'DUPLICATE_RESOURCE' => Error\DuplicateResource::class,
        'BUSINESS_RULE_VIOLATION' => Error\BusinessRuleViolation::class,
        'RATE_LIMIT_EXCEEDED' => Error\RateLimited::class,
        'EXTERNAL_SERVICE_ERROR' => Error\ExternalServiceError::class,
    ];
    /** For responses without a code. */
    private const BY_STATUS = [
        400 => Error\ValidationError::class,
        401 => Error\AuthenticationRequired::class,
        403 => Error\PermissionDenied::class,
        404 => Error\NotFound::class,
        409 => Error\DuplicateResource::class,
        422 => Error\BusinessRuleViolation::class,
        429 => Error\RateLimited::class,
    ];

    /** Return the error of a response. */
    public static function of(Response $response): Error\TicketSystemError
    {
        $status = $response->status;
        $body = json_decode($response->body, true);
        $body = is_array($body) ? $body : [];
        $error = is_array($body['error'] ?? null) ? $body['error'] : ['message' => $body['error'] ?? null];
        $code = (string) ($error['code'] ?? '');
        $class = self::classFor($status, $code);
        return new $class(
            (string) ($error['message'] ?? "HTTP $status"),
            $code,
            $status,
            is_array($error['details'] ?? null) ? $error['details'] : [],
            (string) ($body['request_id'] ?? $response->header('x-request-id') ?? ''),
            $response->retryAfter(),
        );
    }

    /** @return class-string<Error\TicketSystemError> */
    private static function classFor(int $status, string $code): string
    {
        if ($status === 412) {
            return Error\VersionConflict::class;
        }
        $other = $status >= 500 ? Error\ExternalServiceError::class : Error\UnexpectedResponse::class;
        return self::BY_CODE[$code] ?? self::BY_STATUS[$status] ?? $other;
    }
}

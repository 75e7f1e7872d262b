<?php

declare(strict_types=1);

namespace Company\TicketSystem;

use Company\TicketSystem\Error\InvalidSignature;
use Company\TicketSystem\Error\UnexpectedResponse;
use Company\TicketSystem\Internal\Fields;

/** Verification of webhooks by their Standard Webhooks signature. */
final class WebhookSignature
{
    /**
     * Return the event of a webhook request that was recently signed with the secret.
     *
     * @param string $payload the raw body of the request, such as `file_get_contents('php://input')`
     * @param array<string, string> $headers such as `getallheaders()`
     * @param int $tolerance the maximum age in seconds
     * @throws InvalidSignature
     */
    public static function verify(
        string $payload,
        array $headers,
        #[\SensitiveParameter] string $secret,
        int $tolerance = 300,
    ): WebhookEvent {
        $byName = array_change_key_case($headers);
        [$id, $moment, $signatures] = [
            $byName['webhook-id'] ?? '',
            $byName['webhook-timestamp'] ?? '',
            $byName['webhook-signature'] ?? '',
        ];
        if ($id === '' || $signatures === '' || preg_match('/^\d{1,15}$/', $moment) !== 1) {
            throw new InvalidSignature("the webhook's headers are missing or malformed");
        }
        if (abs(time() - (int) $moment) > $tolerance) {
            throw new InvalidSignature("the webhook's timestamp is too old or in the future");
        }
        $digest = hash_hmac('sha256', "$id.$moment.$payload", self::key($secret), true);
        $expected = 'v1,' . base64_encode($digest);
        $matches = false;
        foreach (explode(' ', $signatures) as $one) {
            $matches = hash_equals($expected, $one) || $matches;
        }
        if (!$matches) {
            throw new InvalidSignature('the webhook was not signed with this secret');
        }
        return self::event($payload);
    }

    private static function event(string $payload): WebhookEvent
    {
        try {
            $fields = Fields::of(json_decode($payload, true));
            return new WebhookEvent(
                $fields->string('event'),
                $fields->time('timestamp'),
                $fields->object('data'),
                $fields->optionalString('webhook_id'),
            );
        } catch (UnexpectedResponse) {
            throw new InvalidSignature("the webhook's body is not an event");
        }
    }

    /** Return the key of a secret: decoded after `whsec_`, else its own bytes. */
    private static function key(#[\SensitiveParameter] string $secret): string
    {
        if (!str_starts_with($secret, 'whsec_')) {
            return $secret;
        }
        $key = base64_decode(substr($secret, 6), true);
        return $key === false
            ? throw new InvalidSignature('what follows `whsec_` in the secret is not Base64')
            : $key;
    }
}

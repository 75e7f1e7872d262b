<?php

declare(strict_types=1);

namespace Company\TicketSystem\Resource;

use Company\TicketSystem\Internal\Call;
use Company\TicketSystem\Internal\Values;
use Company\TicketSystem\Model\Delivery;
use Company\TicketSystem\Model\DeliveryDetails;
use Company\TicketSystem\Model\EventName;
use Company\TicketSystem\Model\ReplayResult;
use Company\TicketSystem\Model\Webhook;
use Company\TicketSystem\Page;

/** Webhook subscriptions and deliveries. An `$id` may be the numeric id or "wh_...". */
final class Webhooks extends Resource
{
    /**
     * Create a subscription. Without a secret, one is generated; only this response has it.
     *
     * @param list<EventName|string> $events
     */
    public function create(
        string $url,
        array $events,
        #[\SensitiveParameter] ?string $secret = null,
        bool $active = true,
    ): Webhook {
        $body = self::given(['url' => $url, 'events' => $events, 'secret' => $secret, 'active' => $active]);
        return $this->one(Webhook::read(...), new Call('POST', '/webhooks', json: $body));
    }

    /**
     * Return a page of the subscriptions.
     *
     * @return Page<Webhook>
     */
    public function list(?int $page = null, ?int $size = null): Page
    {
        $query = Values::query(['page' => $page, 'size' => $size]);
        return $this->page(Webhook::read(...), new Call('GET', '/webhooks', $query));
    }

    /** Return a subscription. */
    public function get(int|string $id): Webhook
    {
        return $this->one(Webhook::read(...), new Call('GET', self::path($id)));
    }

    /**
     * Change a subscription.
     *
     * @param array{url?: string, events?: list<EventName|string>, active?: bool} $changes
     */
    public function update(int|string $id, array $changes): Webhook
    {
        return $this->one(Webhook::read(...), new Call('PATCH', self::path($id), json: $changes));
    }

    /** Delete a subscription. */
    public function delete(int|string $id): void
    {
        $this->transport->send(new Call('DELETE', self::path($id)));
    }

    /** Replace the secret; both sign for a day. Only this response has it. */
    public function rotateSecret(int|string $id, #[\SensitiveParameter] ?string $secret = null): Webhook
    {
        $call = new Call('POST', self::path($id, '/rotate-secret'), json: self::given(['secret' => $secret]));
        return $this->one(Webhook::read(...), $call);
    }

    /** Send a test event. */
    public function test(int|string $id): Delivery
    {
        return $this->one(Delivery::read(...), new Call('POST', self::path($id, '/test')));
    }

    /**
     * Return a page of a webhook's deliveries, newest first.
     *
     * @return Page<Delivery>
     */
    public function deliveries(
        int|string $id,
        ?string $state = null,
        EventName|string|null $event = null,
        ?int $page = null,
        ?int $size = null,
    ): Page {
        $query = Values::query(['state' => $state, 'event' => $event, 'page' => $page, 'size' => $size]);
        return $this->page(Delivery::read(...), new Call('GET', self::path($id, '/deliveries'), $query));
    }

    /** Return a delivery with its payload, response and attempts. */
    public function delivery(int|string $id, int|string $deliveryId): DeliveryDetails
    {
        $path = self::path($id, '/deliveries/' . Values::segment($deliveryId));
        return $this->one(DeliveryDetails::read(...), new Call('GET', $path));
    }

    /** Send a delivery again. */
    public function replay(int|string $id, int|string $deliveryId): Delivery
    {
        $path = self::path($id, '/deliveries/' . Values::segment($deliveryId) . '/replay');
        return $this->one(Delivery::read(...), new Call('POST', $path));
    }

    /** Send the deliveries of a period again; by default those that failed. */
    public function replaySince(
        int|string $id,
        \DateTimeInterface|string $since,
        \DateTimeInterface|string|null $until = null,
        ?string $state = null,
    ): ReplayResult {
        $body = self::given(['since' => $since, 'until' => $until, 'state' => $state]);
        return $this->one(ReplayResult::read(...), new Call('POST', self::path($id, '/replay'), json: $body));
    }

    private static function path(int|string $id, string $rest = ''): string
    {
        return '/webhooks/' . Values::segment($id) . $rest;
    }
}

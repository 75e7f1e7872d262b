<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** Dashboard Metrics: change since the preceding period of equal length; null without data. */
final readonly class Trends
{
    public function __construct(
        public ?string $ticketVolumeTrend,
        public ?string $resolutionTimeTrend,
        public ?string $satisfactionTrend,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            $fields->optionalString('ticket_volume_trend'),
            $fields->optionalString('resolution_time_trend'),
            $fields->optionalString('satisfaction_trend'),
        );
    }
}

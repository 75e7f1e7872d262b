<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** The figures of an agent. */
final readonly class AgentMetrics
{
    public function __construct(
        public int $assigned,
        public int $openNow,
        public int $resolved,
        public int $replies,
        public ?float $avgFirstResponseTime,
        public ?float $medianFirstResponseTime,
        public ?float $avgResolutionTime,
        public ?float $medianResolutionTime,
        public ?float $reopenedRate,
        public ?float $slaCompliance,
        public ?float $customerSatisfaction,
        public int $ratings,
        public int $id,
        public string $username,
        public string $name,
        public ?string $team,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            $fields->integer('assigned'),
            $fields->integer('open_now'),
            $fields->integer('resolved'),
            $fields->integer('replies'),
            $fields->optionalNumber('avg_first_response_time'),
            $fields->optionalNumber('median_first_response_time'),
            $fields->optionalNumber('avg_resolution_time'),
            $fields->optionalNumber('median_resolution_time'),
            $fields->optionalNumber('reopened_rate'),
            $fields->optionalNumber('sla_compliance'),
            $fields->optionalNumber('customer_satisfaction'),
            $fields->integer('ratings'),
            $fields->integer('id'),
            $fields->string('username'),
            $fields->string('name'),
            $fields->optionalString('team'),
        );
    }
}

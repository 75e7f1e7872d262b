<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** Dashboard Metrics: tickets of the period by status; averages and percentages. */
final readonly class Metrics
{
    public function __construct(
        public int $totalTickets,
        public int $openTickets,
        public int $inProgressTickets,
        public int $pendingApprovalTickets,
        public int $resolvedTickets,
        public int $closedTickets,
        public ?float $avgResolutionTime,
        public ?float $slaCompliance,
        public ?float $customerSatisfaction,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            $fields->integer('total_tickets'),
            $fields->integer('open_tickets'),
            $fields->integer('in_progress_tickets'),
            $fields->integer('pending_approval_tickets'),
            $fields->integer('resolved_tickets'),
            $fields->integer('closed_tickets'),
            $fields->optionalNumber('avg_resolution_time'),
            $fields->optionalNumber('sla_compliance'),
            $fields->optionalNumber('customer_satisfaction'),
        );
    }
}

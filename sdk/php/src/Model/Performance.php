<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** Performance Reports. */
final readonly class Performance
{
    /**
     * @param list<AgentMetrics> $agents
     * @param list<TeamMetrics> $teams
     */
    public function __construct(
        public DateRange $period,
        public PerformanceMetrics $summary,
        public array $agents,
        public array $teams,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            $fields->model('period', DateRange::read(...)),
            $fields->model('summary', PerformanceMetrics::read(...)),
            $fields->models('agents', AgentMetrics::read(...)),
            $fields->models('teams', TeamMetrics::read(...)),
        );
    }
}

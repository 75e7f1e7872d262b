<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\TicketSystem\Model;

use Company\TicketSystem\Internal\Fields;

/** Dashboard Metrics, with the data of a chart. */
final readonly class Dashboard
{
    /**
     * @param list<CategoryCount> $topCategories
     * @param list<DailyCount> $daily
     */
    public function __construct(
        public Metrics $metrics,
        public Trends $trends,
        public array $topCategories,
        public Period $period,
        public Backlog $backlog,
        public array $daily,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(
            $fields->model('metrics', Metrics::read(...)),
            $fields->model('trends', Trends::read(...)),
            $fields->models('top_categories', CategoryCount::read(...)),
            $fields->model('period', Period::read(...)),
            $fields->model('backlog', Backlog::read(...)),
            $fields->models('daily', DailyCount::read(...)),
        );
    }
}

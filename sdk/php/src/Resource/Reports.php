<?php

declare(strict_types=1);

namespace Company\TicketSystem\Resource;

use Company\TicketSystem\Internal\Call;
use Company\TicketSystem\Internal\Downloads;
use Company\TicketSystem\Internal\Values;
use Company\TicketSystem\Model\Dashboard;
use Company\TicketSystem\Model\Performance;

/** Dashboards, performance reports and exports. */
final class Reports extends Resource
{
    /** Return the Dashboard Metrics of a period such as "7d". */
    public function dashboard(string $period = '30d', ?int $departmentId = null): Dashboard
    {
        $query = Values::query(['period' => $period, 'department_id' => $departmentId]);
        return $this->one(Dashboard::read(...), new Call('GET', '/reports/dashboard', $query));
    }

    /** Return the performance of agents and teams; both days are included. */
    public function performance(
        \DateTimeInterface|string|null $startDate = null,
        \DateTimeInterface|string|null $endDate = null,
    ): Performance {
        $query = self::days($startDate, $endDate, 'json');
        return $this->one(Performance::read(...), new Call('GET', '/reports/performance', $query));
    }

    /** Write the performance report to a file (csv or xlsx); return its path. */
    public function performanceFile(
        string $to,
        \DateTimeInterface|string|null $startDate = null,
        \DateTimeInterface|string|null $endDate = null,
        string $format = 'csv',
    ): string {
        $query = self::days($startDate, $endDate, $format);
        return Downloads::toFile($this->transport, '/reports/performance', $query, $to);
    }

    /**
     * Write the tickets that match the filters to a file (csv, json or xlsx); return its path.
     *
     * @param array<string, mixed> $filters
     */
    public function export(
        string $to,
        string $format = 'csv',
        array $filters = [],
        string $type = 'tickets',
    ): string {
        $query = [
            'type' => $type,
            'format' => $format,
            'filters' => $filters === [] ? null : Values::json($filters),
        ];
        return Downloads::toFile($this->transport, '/reports/export', Values::query($query), $to);
    }

    /** @return array<string, mixed> */
    private static function days(
        \DateTimeInterface|string|null $start,
        \DateTimeInterface|string|null $end,
        string $format,
    ): array {
        $days = ['start_date' => Values::day($start), 'end_date' => Values::day($end)];
        return Values::query($days + ['format' => $format]);
    }
}

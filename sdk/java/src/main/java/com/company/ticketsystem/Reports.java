package com.company.ticketsystem;

import com.company.ticketsystem.json.Json;
import com.company.ticketsystem.model.Dashboard;
import com.company.ticketsystem.model.Performance;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;

/** Dashboards, performance reports and exports. */
public final class Reports extends Resource {
    Reports(Transport transport) {
        super(transport);
    }

    /** Return the Dashboard Metrics of a period such as "7d"; the department may be null. */
    public Dashboard dashboard(String period, Long departmentId) {
        Map<String, Object> query = Values.given("period", period, "department_id", departmentId);
        return one(Dashboard::read, Call.get("/reports/dashboard").withQuery(query));
    }

    /** Return the performance of agents and teams; both days are included. */
    public Performance performance(LocalDate startDate, LocalDate endDate) {
        return one(Performance::read, performanceCall(startDate, endDate, "json"));
    }

    /** Write the performance report to a file, in the format "csv" or "xlsx"; return its path. */
    public Path performanceFile(Path to, LocalDate startDate, LocalDate endDate, String format) {
        return download(performanceCall(startDate, endDate, format), to);
    }

    /** Write the tickets that match the filters to a file (csv, json or xlsx); return its path. */
    public Path export(Path to, String format, Map<String, Object> filters) {
        Map<String, Object> query =
                Values.given("type", "tickets", "format", format, "filters", Json.write(filters));
        return download(Call.get("/reports/export").withQuery(query), to);
    }

    private static Call performanceCall(LocalDate startDate, LocalDate endDate, String format) {
        Map<String, Object> query =
                Values.given("start_date", startDate, "end_date", endDate, "format", format);
        return Call.get("/reports/performance").withQuery(query);
    }
}

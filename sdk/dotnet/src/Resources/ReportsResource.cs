using Company.TicketSystem.Internal;
using Company.TicketSystem.Models;

namespace Company.TicketSystem.Resources;

/// <summary>Dashboards, performance reports and exports.</summary>
public sealed class ReportsResource : Resource
{
    internal ReportsResource(Transport transport)
        : base(transport)
    {
    }

    /// <summary>Return the Dashboard Metrics of a period such as "7d".</summary>
    public Task<Dashboard> DashboardAsync(string period = "30d", long? departmentId = null, CancellationToken cancellation = default)
    {
        var call = Get("/reports/dashboard", ("period", period), ("department_id", departmentId));
        return OneAsync<Dashboard>(call, cancellation);
    }

    /// <summary>Return the performance of agents and teams; both days are included.</summary>
    public Task<Performance> PerformanceAsync(
        DateOnly? startDate = null, DateOnly? endDate = null, CancellationToken cancellation = default) =>
        OneAsync<Performance>(PerformanceCall(startDate, endDate, "json"), cancellation);

    /// <summary>Write the performance report to a file (csv or xlsx); return its path.</summary>
    public Task<string> PerformanceFileAsync(
        string to,
        DateOnly? startDate = null,
        DateOnly? endDate = null,
        string format = "csv",
        CancellationToken cancellation = default) =>
        DownloadAsync(PerformanceCall(startDate, endDate, format), to, cancellation);

    /// <summary>Write the tickets that match the filters to a file (csv, json or xlsx); return its path.</summary>
    public Task<string> ExportAsync(
        string to,
        string format = "csv",
        IReadOnlyDictionary<string, object?>? filters = null,
        CancellationToken cancellation = default)
    {
        var call = Get(
            "/reports/export",
            ("type", "tickets"),
            ("format", format),
            ("filters", filters is null ? null : Wire.Write(filters)));
        return DownloadAsync(call, to, cancellation);
    }

    private static Call PerformanceCall(DateOnly? startDate, DateOnly? endDate, string format) =>
        Get("/reports/performance", ("start_date", startDate), ("end_date", endDate), ("format", format));
}

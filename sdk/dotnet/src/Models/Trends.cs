// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>Dashboard Metrics: change since the preceding period of equal length; null without data.</summary>
public sealed record Trends
{
    /// <summary>ticket_volume_trend of the API.</summary>
    public string? TicketVolumeTrend { get; init; }

    /// <summary>resolution_time_trend of the API.</summary>
    public string? ResolutionTimeTrend { get; init; }

    /// <summary>satisfaction_trend of the API.</summary>
    public string? SatisfactionTrend { get; init; }
}

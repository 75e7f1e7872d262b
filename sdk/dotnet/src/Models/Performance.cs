// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>Performance Reports.</summary>
public sealed record Performance
{
    /// <summary>period of the API.</summary>
    public required DateRange Period { get; init; }

    /// <summary>summary of the API.</summary>
    public required PerformanceMetrics Summary { get; init; }

    /// <summary>agents of the API.</summary>
    public IReadOnlyList<AgentMetrics> Agents { get; init; } = [];

    /// <summary>teams of the API.</summary>
    public IReadOnlyList<TeamMetrics> Teams { get; init; } = [];
}

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>Dashboard Metrics, with the data of a chart.</summary>
public sealed record Dashboard
{
    /// <summary>metrics of the API.</summary>
    public required Metrics Metrics { get; init; }

    /// <summary>trends of the API.</summary>
    public required Trends Trends { get; init; }

    /// <summary>top_categories of the API.</summary>
    public IReadOnlyList<CategoryCount> TopCategories { get; init; } = [];

    /// <summary>period of the API.</summary>
    public required Period Period { get; init; }

    /// <summary>backlog of the API.</summary>
    public required Backlog Backlog { get; init; }

    /// <summary>daily of the API.</summary>
    public IReadOnlyList<DailyCount> Daily { get; init; } = [];
}

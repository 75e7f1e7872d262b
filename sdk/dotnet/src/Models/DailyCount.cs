// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>Tickets created and resolved on one day (UTC).</summary>
public sealed record DailyCount
{
    /// <summary>date of the API.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>created of the API.</summary>
    public required long Created { get; init; }

    /// <summary>resolved of the API.</summary>
    public required long Resolved { get; init; }
}

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>Tickets that are not done now, regardless of the period.</summary>
public sealed record Backlog
{
    /// <summary>total of the API.</summary>
    public required long Total { get; init; }

    /// <summary>unassigned of the API.</summary>
    public required long Unassigned { get; init; }

    /// <summary>overdue of the API.</summary>
    public required long Overdue { get; init; }
}

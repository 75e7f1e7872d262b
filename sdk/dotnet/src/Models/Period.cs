// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>The start and end of the report.</summary>
public sealed record Period
{
    /// <summary>start of the API.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>end of the API.</summary>
    public required DateTimeOffset End { get; init; }
}

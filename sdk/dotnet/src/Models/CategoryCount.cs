// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>One of the most frequent categories.</summary>
public sealed record CategoryCount
{
    /// <summary>name of the API.</summary>
    public required string Name { get; init; }

    /// <summary>count of the API.</summary>
    public required long Count { get; init; }
}

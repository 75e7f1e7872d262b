// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>The policy of an approval; without an id if it was deleted.</summary>
public sealed record PolicySummary
{
    /// <summary>id of the API.</summary>
    public long? Id { get; init; }

    /// <summary>name of the API.</summary>
    public required string Name { get; init; }
}

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>The department a ticket belongs to.</summary>
public sealed record DepartmentSummary
{
    /// <summary>id of the API.</summary>
    public required long Id { get; init; }

    /// <summary>name of the API.</summary>
    public required string Name { get; init; }
}

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>The step that has to be decided next.</summary>
public sealed record CurrentStep
{
    /// <summary>step of the API.</summary>
    public required long Step { get; init; }

    /// <summary>name of the API.</summary>
    public required string Name { get; init; }

    /// <summary>due_at of the API.</summary>
    public DateTimeOffset? DueAt { get; init; }
}

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>The state of an SLA target; `seconds_left` is set while the clock is paused.</summary>
public sealed record SlaTarget
{
    /// <summary>state of the API.</summary>
    public required string State { get; init; }

    /// <summary>due_by of the API.</summary>
    public DateTimeOffset? DueBy { get; init; }

    /// <summary>seconds_left of the API.</summary>
    public long? SecondsLeft { get; init; }

    /// <summary>breached_at of the API.</summary>
    public DateTimeOffset? BreachedAt { get; init; }
}

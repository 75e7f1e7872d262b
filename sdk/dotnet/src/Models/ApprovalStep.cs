// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

using System.Text.Json;

namespace Company.TicketSystem.Models;

/// <summary>One step of an approval; only staff see its approvers.</summary>
public sealed record ApprovalStep
{
    /// <summary>step of the API.</summary>
    public required long Step { get; init; }

    /// <summary>name of the API.</summary>
    public required string Name { get; init; }

    /// <summary>state of the API.</summary>
    public required string State { get; init; }

    /// <summary>quorum of the API.</summary>
    public required JsonElement Quorum { get; init; }

    /// <summary>started_at of the API.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>due_at of the API.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>escalated_at of the API.</summary>
    public DateTimeOffset? EscalatedAt { get; init; }

    /// <summary>decided_at of the API.</summary>
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>asks of the API.</summary>
    public IReadOnlyList<ApproverDecision> Asks { get; init; } = [];
}

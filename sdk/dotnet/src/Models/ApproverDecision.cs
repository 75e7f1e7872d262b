// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>An approver and their decision.</summary>
public sealed record ApproverDecision
{
    /// <summary>approver of the API.</summary>
    public required UserSummary Approver { get; init; }

    /// <summary>state of the API.</summary>
    public required string State { get; init; }

    /// <summary>comments of the API.</summary>
    public string? Comments { get; init; }

    /// <summary>conditions of the API.</summary>
    public IReadOnlyList<string> Conditions { get; init; } = [];

    /// <summary>delegated_by of the API.</summary>
    public UserSummary? DelegatedBy { get; init; }

    /// <summary>is_escalation of the API.</summary>
    public required bool IsEscalation { get; init; }

    /// <summary>asked_at of the API.</summary>
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>decided_at of the API.</summary>
    public DateTimeOffset? DecidedAt { get; init; }
}

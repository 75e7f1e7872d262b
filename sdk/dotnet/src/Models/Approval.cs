// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>An approval and its state.</summary>
public sealed record Approval
{
    /// <summary>id of the API.</summary>
    public required long Id { get; init; }

    /// <summary>ticket_id of the API.</summary>
    public required long TicketId { get; init; }

    /// <summary>state of the API.</summary>
    public required string State { get; init; }

    /// <summary>policy of the API.</summary>
    public PolicySummary? Policy { get; init; }

    /// <summary>reason of the API.</summary>
    public string? Reason { get; init; }

    /// <summary>requested_by of the API.</summary>
    public required UserSummary RequestedBy { get; init; }

    /// <summary>created_at of the API.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>question of the API.</summary>
    public string? Question { get; init; }

    /// <summary>question_by of the API.</summary>
    public UserSummary? QuestionBy { get; init; }

    /// <summary>decided_at of the API.</summary>
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>decided_by of the API.</summary>
    public UserSummary? DecidedBy { get; init; }

    /// <summary>conditions of the API.</summary>
    public IReadOnlyList<string> Conditions { get; init; } = [];

    /// <summary>rejected_because of the API.</summary>
    public string? RejectedBecause { get; init; }

    /// <summary>steps of the API.</summary>
    public IReadOnlyList<ApprovalStep> Steps { get; init; } = [];
}

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>An item of List Pending Approvals.</summary>
public sealed record PendingApproval
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

    /// <summary>requested_by_id of the API.</summary>
    public required long RequestedById { get; init; }

    /// <summary>requested_by of the API.</summary>
    public required UserSummary RequestedBy { get; init; }

    /// <summary>created_at of the API.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>due_date of the API.</summary>
    public DateTimeOffset? DueDate { get; init; }

    /// <summary>current_step of the API.</summary>
    public required CurrentStep CurrentStep { get; init; }

    /// <summary>ticket of the API.</summary>
    public required TicketSummary Ticket { get; init; }
}

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>The ticket that needs approval.</summary>
public sealed record TicketSummary
{
    /// <summary>id of the API.</summary>
    public required long Id { get; init; }

    /// <summary>ticket_number of the API.</summary>
    public required string TicketNumber { get; init; }

    /// <summary>title of the API.</summary>
    public required string Title { get; init; }

    /// <summary>status of the API.</summary>
    public required string Status { get; init; }

    /// <summary>priority of the API.</summary>
    public required string Priority { get; init; }

    /// <summary>ticket_type of the API.</summary>
    public required string TicketType { get; init; }

    /// <summary>department_id of the API.</summary>
    public long? DepartmentId { get; init; }

    /// <summary>department of the API.</summary>
    public DepartmentSummary? Department { get; init; }

    /// <summary>created_by_id of the API.</summary>
    public required long CreatedById { get; init; }

    /// <summary>created_by of the API.</summary>
    public required UserSummary CreatedBy { get; init; }

    /// <summary>created_at of the API.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

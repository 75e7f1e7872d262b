// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>Ticket Model, with its users and department (List Tickets).</summary>
public sealed record Ticket
{
    /// <summary>id of the API.</summary>
    public required long Id { get; init; }

    /// <summary>ticket_number of the API.</summary>
    public required string TicketNumber { get; init; }

    /// <summary>title of the API.</summary>
    public required string Title { get; init; }

    /// <summary>description of the API.</summary>
    public required string Description { get; init; }

    /// <summary>status of the API.</summary>
    public required string Status { get; init; }

    /// <summary>priority of the API.</summary>
    public required string Priority { get; init; }

    /// <summary>ticket_type of the API.</summary>
    public required string TicketType { get; init; }

    /// <summary>created_by_id of the API.</summary>
    public required long CreatedById { get; init; }

    /// <summary>assigned_to_id of the API.</summary>
    public long? AssignedToId { get; init; }

    /// <summary>department_id of the API.</summary>
    public long? DepartmentId { get; init; }

    /// <summary>tags of the API.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>created_at of the API.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>updated_at of the API.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>due_date of the API.</summary>
    public DateTimeOffset? DueDate { get; init; }

    /// <summary>resolution_time of the API.</summary>
    public long? ResolutionTime { get; init; }

    /// <summary>sla_breach_time of the API.</summary>
    public DateTimeOffset? SlaBreachTime { get; init; }

    /// <summary>customer_satisfaction_rating of the API.</summary>
    public long? CustomerSatisfactionRating { get; init; }

    /// <summary>internal_notes of the API.</summary>
    public string? InternalNotes { get; init; }

    /// <summary>public_notes of the API.</summary>
    public string? PublicNotes { get; init; }

    /// <summary>created_by of the API.</summary>
    public required UserSummary CreatedBy { get; init; }

    /// <summary>assigned_to of the API.</summary>
    public UserSummary? AssignedTo { get; init; }

    /// <summary>department of the API.</summary>
    public DepartmentSummary? Department { get; init; }
}

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>The complete ticket.</summary>
public sealed record TicketDetails
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

    /// <summary>comments of the API.</summary>
    public IReadOnlyList<Comment> Comments { get; init; } = [];

    /// <summary>comments_total of the API.</summary>
    public required long CommentsTotal { get; init; }

    /// <summary>attachments of the API.</summary>
    public IReadOnlyList<Attachment> Attachments { get; init; } = [];

    /// <summary>awaited_attachments of the API.</summary>
    public IReadOnlyList<string> AwaitedAttachments { get; init; } = [];

    /// <summary>approval_status of the API.</summary>
    public string? ApprovalStatus { get; init; }

    /// <summary>approvals of the API.</summary>
    public IReadOnlyList<Approval> Approvals { get; init; } = [];

    /// <summary>activity_timeline of the API.</summary>
    public IReadOnlyList<Activity> ActivityTimeline { get; init; } = [];

    /// <summary>related_tickets of the API.</summary>
    public IReadOnlyList<RelatedTicket> RelatedTickets { get; init; } = [];

    /// <summary>sla of the API.</summary>
    public required TicketSla Sla { get; init; }

    /// <summary>etag of the API.</summary>
    public string? Etag { get; init; }
}

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>Create Ticket.</summary>
public sealed class NewTicket : RequestFields
{
    /// <summary>title of the API.</summary>
    public required string Title { get => Get<string>("title")!; set => Set("title", value); }

    /// <summary>description of the API.</summary>
    public required string Description { get => Get<string>("description")!; set => Set("description", value); }

    /// <summary>priority of the API.</summary>
    public Priority? Priority { get => Get<Priority?>("priority"); set => Set("priority", value); }

    /// <summary>status of the API.</summary>
    public Status? Status { get => Get<Status?>("status"); set => Set("status", value); }

    /// <summary>ticket_type of the API.</summary>
    public TicketType? TicketType { get => Get<TicketType?>("ticket_type"); set => Set("ticket_type", value); }

    /// <summary>department_id of the API.</summary>
    public long? DepartmentId { get => Get<long?>("department_id"); set => Set("department_id", value); }

    /// <summary>assigned_to_id of the API.</summary>
    public long? AssignedToId { get => Get<long?>("assigned_to_id"); set => Set("assigned_to_id", value); }

    /// <summary>tags of the API.</summary>
    public IReadOnlyList<string>? Tags { get => Get<IReadOnlyList<string>?>("tags"); set => Set("tags", value); }

    /// <summary>due_date of the API.</summary>
    public DateTimeOffset? DueDate { get => Get<DateTimeOffset?>("due_date"); set => Set("due_date", value); }

    /// <summary>attachments of the API.</summary>
    public IReadOnlyList<object>? Attachments { get => Get<IReadOnlyList<object>?>("attachments"); set => Set("attachments", value); }

    /// <summary>format of the API.</summary>
    public TextFormat? Format { get => Get<TextFormat?>("format"); set => Set("format", value); }
}

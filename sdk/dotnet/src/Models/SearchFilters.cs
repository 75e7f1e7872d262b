// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>`filters`: a ticket must match all of them; any of several words or ids, but all tags.</summary>
public sealed class SearchFilters : RequestFields
{
    /// <summary>status of the API.</summary>
    public IReadOnlyList<Status>? Status { get => Get<IReadOnlyList<Status>?>("status"); set => Set("status", value); }

    /// <summary>priority of the API.</summary>
    public IReadOnlyList<Priority>? Priority { get => Get<IReadOnlyList<Priority>?>("priority"); set => Set("priority", value); }

    /// <summary>ticket_type of the API.</summary>
    public IReadOnlyList<TicketType>? TicketType { get => Get<IReadOnlyList<TicketType>?>("ticket_type"); set => Set("ticket_type", value); }

    /// <summary>created_after of the API.</summary>
    public DateTimeOffset? CreatedAfter { get => Get<DateTimeOffset?>("created_after"); set => Set("created_after", value); }

    /// <summary>created_before of the API.</summary>
    public DateTimeOffset? CreatedBefore { get => Get<DateTimeOffset?>("created_before"); set => Set("created_before", value); }

    /// <summary>departments of the API.</summary>
    public IReadOnlyList<long>? Departments { get => Get<IReadOnlyList<long>?>("departments"); set => Set("departments", value); }

    /// <summary>tags of the API.</summary>
    public IReadOnlyList<string>? Tags { get => Get<IReadOnlyList<string>?>("tags"); set => Set("tags", value); }

    /// <summary>assigned_to of the API.</summary>
    public long? AssignedTo { get => Get<long?>("assigned_to"); set => Set("assigned_to", value); }

    /// <summary>created_by of the API.</summary>
    public long? CreatedBy { get => Get<long?>("created_by"); set => Set("created_by", value); }

    /// <summary>overdue of the API.</summary>
    public bool? Overdue { get => Get<bool?>("overdue"); set => Set("overdue", value); }

    /// <summary>sla_breached of the API.</summary>
    public bool? SlaBreached { get => Get<bool?>("sla_breached"); set => Set("sla_breached", value); }
}

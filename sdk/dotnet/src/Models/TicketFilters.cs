// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>List Tickets.</summary>
public sealed class TicketFilters : RequestFields
{
    /// <summary>status of the API.</summary>
    public Status? Status { get => Get<Status?>("status"); set => Set("status", value); }

    /// <summary>priority of the API.</summary>
    public Priority? Priority { get => Get<Priority?>("priority"); set => Set("priority", value); }

    /// <summary>search of the API.</summary>
    public string? Search { get => Get<string?>("search"); set => Set("search", value); }

    /// <summary>created_by_id of the API.</summary>
    public long? CreatedById { get => Get<long?>("created_by_id"); set => Set("created_by_id", value); }

    /// <summary>assigned_to_id of the API.</summary>
    public long? AssignedToId { get => Get<long?>("assigned_to_id"); set => Set("assigned_to_id", value); }

    /// <summary>department_id of the API.</summary>
    public long? DepartmentId { get => Get<long?>("department_id"); set => Set("department_id", value); }

    /// <summary>created_after of the API.</summary>
    public DateTimeOffset? CreatedAfter { get => Get<DateTimeOffset?>("created_after"); set => Set("created_after", value); }

    /// <summary>tags of the API.</summary>
    public string? Tags { get => Get<string?>("tags"); set => Set("tags", value); }

    /// <summary>ticket_type of the API.</summary>
    public TicketType? TicketType { get => Get<TicketType?>("ticket_type"); set => Set("ticket_type", value); }

    /// <summary>sort of the API.</summary>
    public SortField? Sort { get => Get<SortField?>("sort"); set => Set("sort", value); }

    /// <summary>order of the API.</summary>
    public Order? Order { get => Get<Order?>("order"); set => Set("order", value); }

    /// <summary>page of the API.</summary>
    public long? Page { get => Get<long?>("page"); set => Set("page", value); }

    /// <summary>size of the API.</summary>
    public long? Size { get => Get<long?>("size"); set => Set("size", value); }
}

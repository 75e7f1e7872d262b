// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>One key of `sort`.</summary>
public sealed class Sort : RequestFields
{
    /// <summary>field of the API.</summary>
    public required SortField Field { get => Get<SortField>("field")!; set => Set("field", value); }

    /// <summary>order of the API.</summary>
    public Order? Order { get => Get<Order?>("order"); set => Set("order", value); }
}

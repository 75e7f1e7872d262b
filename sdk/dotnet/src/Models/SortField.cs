// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>Values that requests may have.</summary>
public enum SortField
{
    /// <summary>relevance</summary>
    [WireName("relevance")]
    Relevance,
    /// <summary>created_at</summary>
    [WireName("created_at")]
    CreatedAt,
    /// <summary>updated_at</summary>
    [WireName("updated_at")]
    UpdatedAt,
    /// <summary>priority</summary>
    [WireName("priority")]
    Priority,
    /// <summary>status</summary>
    [WireName("status")]
    Status,
    /// <summary>due_date</summary>
    [WireName("due_date")]
    DueDate,
    /// <summary>ticket_number</summary>
    [WireName("ticket_number")]
    TicketNumber,
}

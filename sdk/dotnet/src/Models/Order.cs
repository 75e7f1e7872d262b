// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>Values that requests may have.</summary>
public enum Order
{
    /// <summary>asc</summary>
    [WireName("asc")]
    Asc,
    /// <summary>desc</summary>
    [WireName("desc")]
    Desc,
}

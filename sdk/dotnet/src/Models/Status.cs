// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>Values that requests may have.</summary>
public enum Status
{
    /// <summary>open</summary>
    [WireName("open")]
    Open,
    /// <summary>in_progress</summary>
    [WireName("in_progress")]
    InProgress,
    /// <summary>pending_approval</summary>
    [WireName("pending_approval")]
    PendingApproval,
    /// <summary>resolved</summary>
    [WireName("resolved")]
    Resolved,
    /// <summary>closed</summary>
    [WireName("closed")]
    Closed,
}

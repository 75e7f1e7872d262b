// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>Values that requests may have.</summary>
public enum ApprovalAction
{
    /// <summary>approve</summary>
    [WireName("approve")]
    Approve,
    /// <summary>reject</summary>
    [WireName("reject")]
    Reject,
    /// <summary>delegate</summary>
    [WireName("delegate")]
    Delegate,
    /// <summary>request_info</summary>
    [WireName("request_info")]
    RequestInfo,
}

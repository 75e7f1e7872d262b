// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>Values that requests may have.</summary>
public enum Priority
{
    /// <summary>low</summary>
    [WireName("low")]
    Low,
    /// <summary>medium</summary>
    [WireName("medium")]
    Medium,
    /// <summary>high</summary>
    [WireName("high")]
    High,
    /// <summary>critical</summary>
    [WireName("critical")]
    Critical,
}

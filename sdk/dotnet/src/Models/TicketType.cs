// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>Values that requests may have.</summary>
public enum TicketType
{
    /// <summary>incident</summary>
    [WireName("incident")]
    Incident,
    /// <summary>request</summary>
    [WireName("request")]
    Request,
    /// <summary>problem</summary>
    [WireName("problem")]
    Problem,
    /// <summary>change</summary>
    [WireName("change")]
    Change,
}

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>Values that requests may have.</summary>
public enum TextFormat
{
    /// <summary>plain</summary>
    [WireName("plain")]
    Plain,
    /// <summary>markdown</summary>
    [WireName("markdown")]
    Markdown,
}

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>How many deliveries are sent again; `has_more` if there are more than one call handles.</summary>
public sealed record ReplayResult
{
    /// <summary>replayed of the API.</summary>
    public required long Replayed { get; init; }

    /// <summary>has_more of the API.</summary>
    public required bool HasMore { get; init; }
}

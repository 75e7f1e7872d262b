// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>Bulk Approval: one result per id, in the same order.</summary>
public sealed record BulkResults
{
    /// <summary>results of the API.</summary>
    public IReadOnlyList<BulkResult> Results { get; init; } = [];

    /// <summary>total of the API.</summary>
    public required long Total { get; init; }

    /// <summary>succeeded of the API.</summary>
    public required long Succeeded { get; init; }

    /// <summary>failed of the API.</summary>
    public required long Failed { get; init; }
}

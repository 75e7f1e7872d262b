// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>The result for one approval.</summary>
public sealed record BulkResult
{
    /// <summary>approval_id of the API.</summary>
    public required long ApprovalId { get; init; }

    /// <summary>success of the API.</summary>
    public required bool Success { get; init; }

    /// <summary>state of the API.</summary>
    public string? State { get; init; }

    /// <summary>error of the API.</summary>
    public BulkError? Error { get; init; }
}

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>Why a decision failed, with the document's error codes.</summary>
public sealed record BulkError
{
    /// <summary>code of the API.</summary>
    public required string Code { get; init; }

    /// <summary>message of the API.</summary>
    public required string Message { get; init; }
}

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>One attempt of a delivery.</summary>
public sealed record DeliveryAttempt
{
    /// <summary>at of the API.</summary>
    public required string At { get; init; }

    /// <summary>status of the API.</summary>
    public long? Status { get; init; }

    /// <summary>error of the API.</summary>
    public string? Error { get; init; }

    /// <summary>milliseconds of the API.</summary>
    public required long Milliseconds { get; init; }
}

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>The user who owns the webhook.</summary>
public sealed record WebhookOwner
{
    /// <summary>id of the API.</summary>
    public required long Id { get; init; }

    /// <summary>username of the API.</summary>
    public required string Username { get; init; }
}

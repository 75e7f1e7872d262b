// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>A delivery to a webhook.</summary>
public sealed record Delivery
{
    /// <summary>id of the API.</summary>
    public required long Id { get; init; }

    /// <summary>message_id of the API.</summary>
    public required string MessageId { get; init; }

    /// <summary>webhook_id of the API.</summary>
    public required string WebhookId { get; init; }

    /// <summary>event of the API.</summary>
    public required string Event { get; init; }

    /// <summary>state of the API.</summary>
    public required string State { get; init; }

    /// <summary>attempts of the API.</summary>
    public required long Attempts { get; init; }

    /// <summary>next_try_at of the API.</summary>
    public DateTimeOffset? NextTryAt { get; init; }

    /// <summary>response_status of the API.</summary>
    public long? ResponseStatus { get; init; }

    /// <summary>created_at of the API.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>delivered_at of the API.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }
}

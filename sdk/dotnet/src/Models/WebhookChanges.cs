// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>Update a webhook: any of these fields.</summary>
public sealed class WebhookChanges : RequestFields
{
    /// <summary>url of the API.</summary>
    public string? Url { get => Get<string?>("url"); set => Set("url", value); }

    /// <summary>events of the API.</summary>
    public IReadOnlyList<EventName>? Events { get => Get<IReadOnlyList<EventName>?>("events"); set => Set("events", value); }

    /// <summary>active of the API.</summary>
    public bool? Active { get => Get<bool?>("active"); set => Set("active", value); }
}

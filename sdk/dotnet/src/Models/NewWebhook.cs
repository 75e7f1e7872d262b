// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>Webhook Configuration.</summary>
public sealed class NewWebhook : RequestFields
{
    /// <summary>url of the API.</summary>
    public required string Url { get => Get<string>("url")!; set => Set("url", value); }

    /// <summary>events of the API.</summary>
    public required IReadOnlyList<EventName> Events { get => Get<IReadOnlyList<EventName>>("events")!; set => Set("events", value); }

    /// <summary>secret of the API.</summary>
    public string? Secret { get => Get<string?>("secret"); set => Set("secret", value); }

    /// <summary>active of the API.</summary>
    public bool? Active { get => Get<bool?>("active"); set => Set("active", value); }
}

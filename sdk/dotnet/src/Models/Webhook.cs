// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>A subscription; `secret` is included only when it was just created.</summary>
public sealed record Webhook
{
    /// <summary>id of the API.</summary>
    public required long Id { get; init; }

    /// <summary>webhook_id of the API.</summary>
    public required string WebhookId { get; init; }

    /// <summary>url of the API.</summary>
    public required string Url { get; init; }

    /// <summary>events of the API.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>active of the API.</summary>
    public required bool Active { get; init; }

    /// <summary>owner of the API.</summary>
    public required WebhookOwner Owner { get; init; }

    /// <summary>failures of the API.</summary>
    public required long Failures { get; init; }

    /// <summary>failing_since of the API.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>switched_off_reason of the API.</summary>
    public string? SwitchedOffReason { get; init; }

    /// <summary>old_secret_valid_until of the API.</summary>
    public DateTimeOffset? OldSecretValidUntil { get; init; }

    /// <summary>created_at of the API.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>updated_at of the API.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>secret of the API.</summary>
    public string? Secret { get; init; }

    /// <summary>Everything but the secrets.</summary>
    public override string ToString() => $"Webhook {{ Id = {Id}, WebhookId = {WebhookId}, Url = {Url}, Events = {Events}, Active = {Active}, Owner = {Owner}, Failures = {Failures}, FailingSince = {FailingSince}, SwitchedOffReason = {SwitchedOffReason}, OldSecretValidUntil = {OldSecretValidUntil}, CreatedAt = {CreatedAt}, UpdatedAt = {UpdatedAt} }}";
}

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>Comment Model, with its author.</summary>
public sealed record Comment
{
    /// <summary>id of the API.</summary>
    public required long Id { get; init; }

    /// <summary>ticket_id of the API.</summary>
    public required long TicketId { get; init; }

    /// <summary>user_id of the API.</summary>
    public long? UserId { get; init; }

    /// <summary>content of the API.</summary>
    public required string Content { get; init; }

    /// <summary>is_internal of the API.</summary>
    public required bool IsInternal { get; init; }

    /// <summary>mentions of the API.</summary>
    public IReadOnlyList<long> Mentions { get; init; } = [];

    /// <summary>created_at of the API.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>updated_at of the API.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>edited of the API.</summary>
    public required bool Edited { get; init; }

    /// <summary>attachments of the API.</summary>
    public IReadOnlyList<long> Attachments { get; init; } = [];

    /// <summary>user of the API.</summary>
    public UserSummary? User { get; init; }
}

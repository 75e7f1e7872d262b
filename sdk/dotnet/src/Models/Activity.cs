// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>An entry of the activity timeline; `note` is the comment of a decision.</summary>
public sealed record Activity
{
    /// <summary>id of the API.</summary>
    public required long Id { get; init; }

    /// <summary>event of the API.</summary>
    public required string Event { get; init; }

    /// <summary>field of the API.</summary>
    public string? Field { get; init; }

    /// <summary>old_value of the API.</summary>
    public string? OldValue { get; init; }

    /// <summary>new_value of the API.</summary>
    public string? NewValue { get; init; }

    /// <summary>note of the API.</summary>
    public string? Note { get; init; }

    /// <summary>comment_id of the API.</summary>
    public long? CommentId { get; init; }

    /// <summary>attachment_id of the API.</summary>
    public long? AttachmentId { get; init; }

    /// <summary>is_internal of the API.</summary>
    public required bool IsInternal { get; init; }

    /// <summary>user_id of the API.</summary>
    public long? UserId { get; init; }

    /// <summary>user of the API.</summary>
    public UserSummary? User { get; init; }

    /// <summary>created_at of the API.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

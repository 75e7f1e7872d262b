// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>Upload File, with the other metadata of the file.</summary>
public sealed record Attachment
{
    /// <summary>id of the API.</summary>
    public required long Id { get; init; }

    /// <summary>filename of the API.</summary>
    public required string Filename { get; init; }

    /// <summary>size of the API.</summary>
    public required long Size { get; init; }

    /// <summary>content_type of the API.</summary>
    public required string ContentType { get; init; }

    /// <summary>upload_url of the API.</summary>
    public required string UploadUrl { get; init; }

    /// <summary>virus_scan_status of the API.</summary>
    public required string VirusScanStatus { get; init; }

    /// <summary>ticket_id of the API.</summary>
    public required long TicketId { get; init; }

    /// <summary>comment_id of the API.</summary>
    public long? CommentId { get; init; }

    /// <summary>description of the API.</summary>
    public string? Description { get; init; }

    /// <summary>is_internal of the API.</summary>
    public required bool IsInternal { get; init; }

    /// <summary>uploaded_by_id of the API.</summary>
    public required long UploadedById { get; init; }

    /// <summary>uploaded_by of the API.</summary>
    public required UserSummary UploadedBy { get; init; }

    /// <summary>uploaded_at of the API.</summary>
    public required DateTimeOffset UploadedAt { get; init; }
}

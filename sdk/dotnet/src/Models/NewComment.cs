// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>Add Comment.</summary>
public sealed class NewComment : RequestFields
{
    /// <summary>content of the API.</summary>
    public required string Content { get => Get<string>("content")!; set => Set("content", value); }

    /// <summary>is_internal of the API.</summary>
    public bool? IsInternal { get => Get<bool?>("is_internal"); set => Set("is_internal", value); }

    /// <summary>mentions of the API.</summary>
    public IReadOnlyList<object>? Mentions { get => Get<IReadOnlyList<object>?>("mentions"); set => Set("mentions", value); }

    /// <summary>attachments of the API.</summary>
    public IReadOnlyList<object>? Attachments { get => Get<IReadOnlyList<object>?>("attachments"); set => Set("attachments", value); }

    /// <summary>format of the API.</summary>
    public TextFormat? Format { get => Get<TextFormat?>("format"); set => Set("format", value); }
}

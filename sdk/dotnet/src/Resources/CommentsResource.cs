using Company.TicketSystem.Internal;
using Company.TicketSystem.Models;

namespace Company.TicketSystem.Resources;

/// <summary>The comments of tickets.</summary>
public sealed class CommentsResource : Resource
{
    internal CommentsResource(Transport transport)
        : base(transport)
    {
    }

    /// <summary>Add a comment to a ticket; mentions are "@username".</summary>
    public Task<Comment> CreateAsync(
        long ticketId,
        string content,
        bool isInternal = false,
        IReadOnlyList<string>? mentions = null,
        IReadOnlyList<object>? attachments = null,
        TextFormat? format = null,
        CancellationToken cancellation = default)
    {
        var call = Post(
            $"/comments/ticket/{ticketId}",
            ("content", content),
            ("is_internal", isInternal),
            ("mentions", mentions),
            ("attachments", attachments),
            ("format", format));
        return OneAsync<Comment>(call, cancellation);
    }

    /// <summary>Return a page of a ticket's comments.</summary>
    public Task<Page<Comment>> ListAsync(
        long ticketId, long page = 1, long size = 20, bool includeInternal = false, CancellationToken cancellation = default)
    {
        var call = Get(
            $"/comments/ticket/{ticketId}",
            ("page", page),
            ("size", size),
            ("include_internal", includeInternal));
        return PageAsync<Comment>(comment => comment.Id, call, cancellation);
    }

    /// <summary>Change a comment's content, its format or both.</summary>
    public Task<Comment> UpdateAsync(
        long id, string? content = null, TextFormat? format = null, CancellationToken cancellation = default)
    {
        var changes = Wire.Given(("content", content), ("format", format));
        return OneAsync<Comment>(new Call(HttpMethod.Patch, $"/comments/{id}") { Json = changes }, cancellation);
    }

    /// <summary>Delete a comment.</summary>
    public Task DeleteAsync(long id, CancellationToken cancellation = default) =>
        Transport.SendAsync(Delete($"/comments/{id}"), cancellation);
}

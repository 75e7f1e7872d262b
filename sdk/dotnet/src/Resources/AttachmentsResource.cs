using Company.TicketSystem.Internal;
using Company.TicketSystem.Models;

namespace Company.TicketSystem.Resources;

/// <summary>The files of tickets.</summary>
public sealed class AttachmentsResource : Resource
{
    internal AttachmentsResource(Transport transport)
        : base(transport)
    {
    }

    /// <summary>Upload a file.</summary>
    public Task<Attachment> UploadAsync(long ticketId, Upload upload, CancellationToken cancellation = default)
    {
        var call = Post($"/attachments/ticket/{ticketId}/upload") with { Upload = upload };
        return OneAsync<Attachment>(call, cancellation);
    }

    /// <summary>Return a page of a ticket's files.</summary>
    public Task<Page<Attachment>> ListAsync(long ticketId, long page = 1, long size = 20, CancellationToken cancellation = default)
    {
        var call = Get($"/attachments/ticket/{ticketId}", ("page", page), ("size", size));
        return PageAsync<Attachment>(file => file.Id, call, cancellation);
    }

    /// <summary>Return the metadata of a file.</summary>
    public Task<Attachment> GetAsync(long id, CancellationToken cancellation = default) =>
        OneAsync<Attachment>(Get($"/attachments/{id}"), cancellation);

    /// <summary>Write a file to a path, where it appears when it is complete; return the path.</summary>
    public Task<string> DownloadAsync(long id, string to, CancellationToken cancellation = default) =>
        DownloadAsync(Get($"/attachments/{id}/download"), to, cancellation);

    /// <summary>Delete a file.</summary>
    public Task DeleteAsync(long id, CancellationToken cancellation = default) =>
        Transport.SendAsync(Delete($"/attachments/{id}"), cancellation);
}

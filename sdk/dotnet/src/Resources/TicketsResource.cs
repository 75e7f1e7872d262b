using Company.TicketSystem.Internal;
using Company.TicketSystem.Models;

namespace Company.TicketSystem.Resources;

/// <summary>Tickets and ticket search. A reference is an id or a number such as "TKT-20231201-001".</summary>
public sealed class TicketsResource : Resource
{
    internal TicketsResource(Transport transport)
        : base(transport)
    {
    }

    /// <summary>Create a ticket.</summary>
    public Task<Ticket> CreateAsync(NewTicket ticket, CancellationToken cancellation = default) =>
        OneAsync<Ticket>(Post("/tickets", ticket), cancellation);

    /// <summary>Return a ticket with its comments, files, approvals and activity.</summary>
    public Task<TicketDetails> GetAsync(long id, CancellationToken cancellation = default) => GetAsync($"{id}", cancellation);

    /// <summary>Return a ticket with its comments, files, approvals and activity.</summary>
    public async Task<TicketDetails> GetAsync(string reference, CancellationToken cancellation = default)
    {
        var response = await Transport.SendAsync(Get(PathOf(reference)), cancellation).ConfigureAwait(false);
        return Wire.Read<TicketDetails>(response.Data()) with { Etag = response.Headers.ETag?.ToString() };
    }

    /// <summary>Return a page of the tickets that the caller may see.</summary>
    public Task<Page<Ticket>> ListAsync(TicketFilters? filters = null, CancellationToken cancellation = default)
    {
        var call = Get("/tickets") with { Query = (filters ?? new TicketFilters()).Values };
        return PageAsync<Ticket>(ticket => ticket.Id, call, cancellation);
    }

    /// <summary>Search tickets (Advanced Search), best match first unless sorted.</summary>
    public Task<Page<Ticket>> SearchAsync(
        string query = "",
        SearchFilters? filters = null,
        IReadOnlyList<Sort>? sort = null,
        long page = 1,
        long size = 20,
        CancellationToken cancellation = default)
    {
        var call = Post(
            "/tickets/search",
            ("query", query),
            ("filters", filters ?? new SearchFilters()),
            ("sort", sort ?? []),
            ("page", page),
            ("size", size));
        return PageAsync<Ticket>(ticket => ticket.Id, call, cancellation);
    }

    /// <summary>Change a ticket, with <paramref name="ifMatch"/> only if it still has that etag.</summary>
    public Task<Ticket> UpdateAsync(long id, TicketChanges changes, string? ifMatch = null, CancellationToken cancellation = default) =>
        UpdateAsync($"{id}", changes, ifMatch, cancellation);

    /// <summary>Change a ticket, with <paramref name="ifMatch"/> only if it still has that etag.</summary>
    public Task<Ticket> UpdateAsync(
        string reference, TicketChanges changes, string? ifMatch = null, CancellationToken cancellation = default)
    {
        var call = Patch(PathOf(reference), changes);
        return OneAsync<Ticket>(
            ifMatch is null ? call : call with { Header = ("If-Match", ifMatch), IsRepeatable = false },
            cancellation);
    }

    /// <summary>Delete a ticket.</summary>
    public Task DeleteAsync(long id, CancellationToken cancellation = default) => DeleteAsync($"{id}", cancellation);

    /// <summary>Delete a ticket.</summary>
    public Task DeleteAsync(string reference, CancellationToken cancellation = default) =>
        Transport.SendAsync(Delete(PathOf(reference)), cancellation);

    /// <summary>Merge a ticket into another one of the same requester, and return that one.</summary>
    public Task<Ticket> MergeAsync(string reference, string into, CancellationToken cancellation = default) =>
        OneAsync<Ticket>(Post(PathOf(reference) + "/merge", ("into", into)), cancellation);

    /// <summary>Merge a ticket into another one of the same requester, and return that one.</summary>
    public Task<Ticket> MergeAsync(long id, long into, CancellationToken cancellation = default) =>
        MergeAsync($"{id}", $"{into}", cancellation);

    /// <summary>Undo the merge of a ticket, and return it as it was before.</summary>
    public Task<Ticket> UnmergeAsync(string reference, CancellationToken cancellation = default) =>
        OneAsync<Ticket>(Post(PathOf(reference) + "/unmerge"), cancellation);

    /// <summary>Undo the merge of a ticket, and return it as it was before.</summary>
    public Task<Ticket> UnmergeAsync(long id, CancellationToken cancellation = default) => UnmergeAsync($"{id}", cancellation);

    private static string PathOf(string reference) => "/tickets/" + Call.Segment(reference);
}

using System.Runtime.CompilerServices;

namespace Company.TicketSystem;

/// <summary>A page of a list; <c>AllAsync()</c> iterates over the items of all pages.</summary>
public sealed class Page<T>
{
    private readonly Func<T, long> _id;
    private readonly Func<long, CancellationToken, Task<Page<T>>> _fetch;

    internal Page(PageData<T> data, Func<T, long> id, Func<long, CancellationToken, Task<Page<T>>> fetch)
    {
        Items = data.Items;
        Total = data.Total;
        Number = data.Page;
        Size = data.Size;
        Pages = data.Pages;
        _id = id;
        _fetch = fetch;
    }

    /// <summary>The items of this page.</summary>
    public IReadOnlyList<T> Items { get; }

    /// <summary>How many items all pages have together.</summary>
    public long Total { get; }

    /// <summary>The number of this page; the first is 1.</summary>
    public long Number { get; }

    /// <summary>How many items a page has at most.</summary>
    public long Size { get; }

    /// <summary>How many pages there are.</summary>
    public long Pages { get; }

    /// <summary>Whether there is another page.</summary>
    public bool HasNext => Number < Pages;

    /// <summary>Whether this is not the first page.</summary>
    public bool HasPrevious => Number > 1;

    /// <summary>Fetch the next page; null after the last one.</summary>
    public async Task<Page<T>?> NextAsync(CancellationToken cancellation = default) =>
        HasNext ? await _fetch(Number + 1, cancellation).ConfigureAwait(false) : null;

    /// <summary>Return the items of this page and of all that follow, fetched on demand.</summary>
    /// <remarks>An item that moves to the next page in the meantime is returned once.</remarks>
    public async IAsyncEnumerable<T> AllAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var previous = new HashSet<long>();
        for (Page<T>? page = this; page is not null; page = await page.NextAsync(cancellation).ConfigureAwait(false))
        {
            foreach (var item in page.Items)
            {
                if (!previous.Contains(_id(item)))
                {
                    yield return item;
                }
            }
            previous = page.Items.Select(_id).ToHashSet();
        }
    }
}

internal sealed record PageData<T>
{
    public required IReadOnlyList<T> Items { get; init; }

    public required long Total { get; init; }

    public required long Page { get; init; }

    public required long Size { get; init; }

    public required long Pages { get; init; }
}

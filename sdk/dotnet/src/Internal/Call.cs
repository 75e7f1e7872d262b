namespace Company.TicketSystem.Internal;

/// <summary>A request. A repeatable one may be sent again even if the first may have taken effect.</summary>
internal sealed record Call(HttpMethod Method, string Path)
{
    private static readonly Dictionary<string, object?> None = [];

    public IReadOnlyDictionary<string, object?> Query { get; init; } = None;

    public IReadOnlyDictionary<string, object?>? Json { get; init; }

    public Upload? Upload { get; init; }

    public (string Name, string Value)? Header { get; init; }

    public bool IsAuthorized { get; init; } = true;

    public bool IsRepeatable { get; init; } = true;

    /// <summary>The file that the body of a successful response is written to.</summary>
    public string? Sink { get; init; }

    /// <summary>Return the same call for another page of its list.</summary>
    public Call ForPage(long page)
    {
        var values = new Dictionary<string, object?>(Json ?? Query) { ["page"] = page };
        return Json is null ? this with { Query = values } : this with { Json = values };
    }

    /// <summary>Return an id, escaped as one segment of a path.</summary>
    public static string Segment(string id) => Uri.EscapeDataString(id);
}

using Company.TicketSystem.Internal;
using Company.TicketSystem.Models;

namespace Company.TicketSystem.Resources;

/// <summary>A group of endpoints.</summary>
public abstract class Resource
{
    private protected Resource(Transport transport) => Transport = transport;

    private protected Transport Transport { get; }

    private protected async Task<T> OneAsync<T>(Call call, CancellationToken cancellation)
    {
        var response = await Transport.SendAsync(call, cancellation).ConfigureAwait(false);
        return Wire.Read<T>(response.Data());
    }

    private protected async Task<Page<T>> PageAsync<T>(Func<T, long> id, Call call, CancellationToken cancellation)
    {
        var data = await OneAsync<PageData<T>>(call, cancellation).ConfigureAwait(false);
        return new Page<T>(data, id, (page, stop) => PageAsync(id, call.ForPage(page), stop));
    }

    /// <summary>Write the response of a call to a file, which appears when it is complete.</summary>
    private protected async Task<string> DownloadAsync(Call call, string to, CancellationToken cancellation)
    {
        var part = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(to))!, $".{Guid.NewGuid()}.part");
        try
        {
            await Transport.SendAsync(call with { Sink = part }, cancellation).ConfigureAwait(false);
            File.Move(part, to, overwrite: true);
            return to;
        }
        finally
        {
            File.Delete(part);
        }
    }

    private protected static Call Get(string path, params (string Name, object? Value)[] query) =>
        new(HttpMethod.Get, path) { Query = Wire.Given(query) };

    private protected static Call Post(string path, params (string Name, object? Value)[] json) =>
        new(HttpMethod.Post, path) { Json = json.Length == 0 ? null : Wire.Given(json) };

    private protected static Call Post(string path, RequestFields json) =>
        new(HttpMethod.Post, path) { Json = json.Values };

    private protected static Call Patch(string path, RequestFields json) =>
        new(HttpMethod.Patch, path) { Json = json.Values };

    private protected static Call Delete(string path) => new(HttpMethod.Delete, path);
}

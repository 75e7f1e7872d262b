using System.Text;

namespace Company.TicketSystem.Internal;

/// <summary>Sends each call until it succeeds, fails for good or has no retries left.</summary>
internal sealed class Transport(string baseUrl, Credentials credentials, TicketSystemClientOptions options) : IDisposable
{
    private const string UserAgent = "ticket-system-sdk-dotnet/0.2.0";

    private readonly string _base = baseUrl.TrimEnd('/');
    private readonly HttpClient _http = options.Http ?? new HttpClient(
        new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(10) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public Credentials Credentials { get; } = credentials;

    /// <summary>Fetches new tokens with a refresh token.</summary>
    public Func<string, Task<Credentials.Tokens>>? FetchTokens { get; set; }

    /// <summary>Send a call until it succeeds.</summary>
    public async Task<Response> SendAsync(Call call, CancellationToken cancellation)
    {
        var key = call.Method == HttpMethod.Post ? Guid.NewGuid().ToString() : null;
        var attempts = new Attempts(call, options);
        while (true)
        {
            var access = Credentials.AccessToken;
            TimeSpan wait;
            try
            {
                var response = await AttemptAsync(call, key, access, cancellation).ConfigureAwait(false);
                if (response.IsSuccess || attempts.WasAlreadyDeleted(response))
                {
                    return response;
                }
                if (attempts.ShouldRenewToken(response)
                    && FetchTokens is { } fetch
                    && await Credentials.RenewAsync(access, fetch, cancellation).ConfigureAwait(false))
                {
                    continue;
                }
                wait = attempts.DelayAfterErrorResponse(response);
            }
            catch (Exception error) when (IsConnectionError(error, cancellation))
            {
                wait = attempts.DelayAfterConnectionError(error);
            }
            await Task.Delay(wait, cancellation).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        if (options.Http is null)
        {
            _http.Dispose();
        }
    }

    private static bool IsConnectionError(Exception error, CancellationToken cancellation) => error switch
    {
        HttpRequestException => true,
        FileNotFoundException or DirectoryNotFoundException => false,
        IOException => true,
        OperationCanceledException => !cancellation.IsCancellationRequested,
        _ => false,
    };

    private async Task<Response> AttemptAsync(Call call, string? key, string? access, CancellationToken cancellation)
    {
        using var request = Request(call, key, access);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.Timeout);
        using var response = await _http
            .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token)
            .ConfigureAwait(false);
        var status = (int)response.StatusCode;
        if (call.Sink is null || !response.IsSuccessStatusCode)
        {
            var body = await response.Content.ReadAsStringAsync(limit.Token).ConfigureAwait(false);
            return new Response(status, response.Headers, body);
        }
        // A download may take longer than the time limit once it has begun.
        limit.CancelAfter(Timeout.InfiniteTimeSpan);
        await using var file = File.Create(call.Sink);
        await response.Content.CopyToAsync(file, limit.Token).ConfigureAwait(false);
        return new Response(status, response.Headers, "");
    }

    private HttpRequestMessage Request(Call call, string? key, string? access)
    {
        var request = new HttpRequestMessage(call.Method, _base + call.Path + Wire.Query(call.Query));
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        request.Headers.Add("Accept", call.Sink is null ? "application/json" : "*/*");
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }
        if (call.Header is (var name, var value))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        if (call.IsAuthorized)
        {
            Credentials.Authenticate(request, access);
        }
        if (call.Upload is not null)
        {
            request.Content = call.Upload.ToContent();
        }
        else if (call.Json is not null)
        {
            request.Content = new StringContent(Wire.Write(call.Json), Encoding.UTF8, "application/json");
        }
        return request;
    }
}

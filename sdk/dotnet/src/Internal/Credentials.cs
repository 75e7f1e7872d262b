namespace Company.TicketSystem.Internal;

/// <summary>An API key, or an access token and its refresh token. Safe to share between threads.</summary>
internal sealed class Credentials
{
    private readonly string? _apiKey;
    private readonly SemaphoreSlim _renewal = new(1, 1);
    private volatile Tokens _tokens = new(null, null);

    public Credentials(string? apiKey) => _apiKey = Clean(apiKey);

    /// <summary>The tokens of a session; a class, so that they are not printed.</summary>
    internal sealed class Tokens(string? access, string? refresh)
    {
        public string? Access { get; } = access;

        public string? Refresh { get; } = refresh;
    }

    public string? AccessToken => _tokens.Access;

    public string? RefreshToken => _tokens.Refresh;

    /// <summary>Use this access token, and renew it if a refresh token is given.</summary>
    public void Use(string? access, string? refresh)
    {
        var given = new Tokens(Clean(access), Clean(refresh));
        if (given.Refresh is null && given.Access == _tokens.Access)
        {
            return;
        }
        _tokens = given;
    }

    /// <summary>Add the header that authenticates a request.</summary>
    public void Authenticate(HttpRequestMessage request, string? access)
    {
        if (access is not null)
        {
            request.Headers.Add("Authorization", $"Bearer {access}");
        }
        else if (_apiKey is not null)
        {
            request.Headers.Add("X-API-Key", _apiKey);
        }
    }

    /// <summary>Replace the rejected access token; return whether there is another one now.</summary>
    /// <remarks>
    /// A refresh token works once, and a second use ends the session. So one task fetches new tokens
    /// while the others wait, and a refresh token that may have been used is not sent again.
    /// </remarks>
    public async Task<bool> RenewAsync(string? rejected, Func<string, Task<Tokens>> fetch, CancellationToken cancellation)
    {
        if (rejected is null)
        {
            return false;
        }
        await _renewal.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var current = _tokens;
            if (current.Access != rejected)
            {
                return current.Access is not null;
            }
            if (current.Refresh is null)
            {
                return false;
            }
            _tokens = await fetch(current.Refresh).ConfigureAwait(false);
            return true;
        }
        catch (AuthenticationRequired)
        {
            _tokens = new Tokens(rejected, null);
            return false;
        }
        catch (ConnectionFailed lost) when (lost.WasSent)
        {
            _tokens = new Tokens(rejected, null);
            throw;
        }
        finally
        {
            _renewal.Release();
        }
    }

    private static string? Clean(string? token)
    {
        var stripped = token?.Trim() ?? "";
        if (stripped.Any(one => one is <= ' ' or > '~'))
        {
            throw new ArgumentException("a token or API key may contain printable ASCII characters only");
        }
        return stripped.Length == 0 ? null : stripped;
    }
}

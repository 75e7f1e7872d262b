using Company.TicketSystem.Internal;
using Company.TicketSystem.Models;

namespace Company.TicketSystem.Resources;

/// <summary>Sign-in and sign-out.</summary>
public sealed class AuthResource : Resource
{
    internal AuthResource(Transport transport)
        : base(transport)
    {
        transport.FetchTokens = async refreshToken =>
        {
            var session = await RenewAsync(refreshToken, CancellationToken.None).ConfigureAwait(false);
            return new Credentials.Tokens(session.AccessToken, session.RefreshToken);
        };
    }

    /// <summary>Sign in. The client then uses and renews this session's tokens.</summary>
    public async Task<Session> LoginAsync(string username, string password, CancellationToken cancellation = default)
    {
        var call = Post("/auth/login", ("username", username), ("password", password));
        var session = await OneAsync<Session>(call with { IsAuthorized = false }, cancellation).ConfigureAwait(false);
        Transport.Credentials.Use(session.AccessToken, session.RefreshToken);
        return session;
    }

    /// <summary>Exchange a refresh token (by default the client's own) for new tokens; it works once.</summary>
    public async Task<Session> RefreshAsync(string? refreshToken = null, CancellationToken cancellation = default)
    {
        var token = refreshToken ?? Transport.Credentials.RefreshToken
            ?? throw new AuthenticationRequired("there is no refresh token: sign in first");
        var session = await RenewAsync(token, cancellation).ConfigureAwait(false);
        Transport.Credentials.Use(session.AccessToken, session.RefreshToken);
        return session;
    }

    /// <summary>Return the user that the token belongs to.</summary>
    public Task<User> MeAsync(CancellationToken cancellation = default) => OneAsync<User>(Get("/auth/me"), cancellation);

    /// <summary>Sign out; the session's tokens become invalid.</summary>
    public async Task LogoutAsync(CancellationToken cancellation = default)
    {
        await Transport.SendAsync(Post("/auth/logout"), cancellation).ConfigureAwait(false);
        Transport.Credentials.Use(null, null);
    }

    // Not retried once it may have arrived: using a refresh token twice ends the session.
    private Task<Session> RenewAsync(string refreshToken, CancellationToken cancellation) =>
        OneAsync<Session>(
            Post("/auth/refresh") with
            {
                Header = ("Authorization", $"Bearer {refreshToken}"),
                IsAuthorized = false,
                IsRepeatable = false,
            },
            cancellation);
}

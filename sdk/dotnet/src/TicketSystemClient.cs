using Company.TicketSystem.Internal;
using Company.TicketSystem.Resources;

namespace Company.TicketSystem;

/// <summary>The options of a client.</summary>
public sealed record TicketSystemClientOptions
{
    /// <summary>The longest time until a response is complete, or until a download begins.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a request is sent again.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>The pause before the first retry; each is twice the one before.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>The longest pause; if the server asks for more, its error is thrown.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>An HTTP client of your own, for proxies and certificates; it must not follow redirects.</summary>
    public HttpClient? Http { get; init; }
}

/// <summary>A client for the Enterprise Ticket Management System's API. Safe to share between threads.</summary>
/// <remarks>
/// A request without a response, or with a temporary error, is sent again after growing pauses; a POST
/// carries an <c>Idempotency-Key</c>, so that it takes effect once.
/// </remarks>
public sealed class TicketSystemClient : IDisposable
{
    private readonly Transport _transport;

    /// <summary>A client with a personal API token; an access token takes precedence.</summary>
    public TicketSystemClient(string baseUrl, string? apiKey = null, TicketSystemClientOptions? options = null)
    {
        _transport = new Transport(baseUrl, new Credentials(apiKey), options ?? new TicketSystemClientOptions());
        Auth = new AuthResource(_transport);
        Tickets = new TicketsResource(_transport);
        Comments = new CommentsResource(_transport);
        Attachments = new AttachmentsResource(_transport);
        Approvals = new ApprovalsResource(_transport);
        Reports = new ReportsResource(_transport);
        Webhooks = new WebhooksResource(_transport);
    }

    /// <summary>Sign-in and sign-out.</summary>
    public AuthResource Auth { get; }

    /// <summary>Tickets and ticket search.</summary>
    public TicketsResource Tickets { get; }

    /// <summary>The comments of tickets.</summary>
    public CommentsResource Comments { get; }

    /// <summary>The files of tickets.</summary>
    public AttachmentsResource Attachments { get; }

    /// <summary>Approval requests and decisions.</summary>
    public ApprovalsResource Approvals { get; }

    /// <summary>Dashboards, performance reports and exports.</summary>
    public ReportsResource Reports { get; }

    /// <summary>Webhook subscriptions and deliveries.</summary>
    public WebhooksResource Webhooks { get; }

    /// <summary>Use this access token, and renew it if its refresh token is given.</summary>
    /// <remarks>The access token of the last login keeps the refresh token that came with it.</remarks>
    public void SetToken(string? accessToken, string? refreshToken = null) =>
        _transport.Credentials.Use(accessToken, refreshToken);

    /// <summary>Close the connections, unless the HTTP client is your own.</summary>
    public void Dispose() => _transport.Dispose();
}

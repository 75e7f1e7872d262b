using System.Text.Json;

namespace Company.TicketSystem;

/// <summary>What a response says about an error.</summary>
/// <param name="Code">One of the document's "Error Codes", or empty.</param>
/// <param name="Status">The status of the response.</param>
/// <param name="Details">Such as the field and the reason.</param>
/// <param name="RequestId">The id of the request, which is in the server's log too.</param>
/// <param name="RetryAfter">How long the server asks to wait.</param>
public sealed record ErrorInfo(
    string Code = "",
    int? Status = null,
    IReadOnlyDictionary<string, JsonElement>? Details = null,
    string RequestId = "",
    TimeSpan? RetryAfter = null);

/// <summary>The base class of all errors of this package.</summary>
public class TicketSystemError(string message, ErrorInfo? info = null) : Exception(message)
{
    private readonly ErrorInfo _info = info ?? new ErrorInfo();

    /// <summary>One of the document's "Error Codes", or empty.</summary>
    public string Code => _info.Code;

    /// <summary>The status of the response.</summary>
    public int? Status => _info.Status;

    /// <summary>What the server says about the error.</summary>
    public IReadOnlyDictionary<string, JsonElement> Details =>
        _info.Details ?? new Dictionary<string, JsonElement>();

    /// <summary>The id of the request, which is in the server's log too.</summary>
    public string RequestId => _info.RequestId;

    /// <summary>How long the server asks to wait.</summary>
    public TimeSpan? RetryAfter => _info.RetryAfter;
}

/// <summary>The input is invalid.</summary>
public class ValidationError(string message, ErrorInfo? info = null) : TicketSystemError(message, info)
{
    /// <summary>The name of the invalid field.</summary>
    public string Field => Details.TryGetValue("field", out var value) ? value.ToString() : "";

    /// <summary>Why the field is invalid.</summary>
    public string Reason => Details.TryGetValue("reason", out var value) ? value.ToString() : "";
}

/// <summary>The token, API key or password is missing or wrong.</summary>
public class AuthenticationRequired(string message, ErrorInfo? info = null) : TicketSystemError(message, info);

/// <summary>The caller may not do this.</summary>
public class PermissionDenied(string message, ErrorInfo? info = null) : TicketSystemError(message, info);

/// <summary>The resource does not exist, or the caller may not see it.</summary>
public class NotFound(string message, ErrorInfo? info = null) : TicketSystemError(message, info);

/// <summary>The resource exists already.</summary>
public class DuplicateResource(string message, ErrorInfo? info = null) : TicketSystemError(message, info);

/// <summary>A business rule does not allow the action.</summary>
public class BusinessRuleViolation(string message, ErrorInfo? info = null) : TicketSystemError(message, info);

/// <summary>The ticket has changed since it was read.</summary>
public class VersionConflict(string message, ErrorInfo? info = null) : BusinessRuleViolation(message, info);

/// <summary>There were too many requests; wait for <c>RetryAfter</c>.</summary>
public class RateLimited(string message, ErrorInfo? info = null) : TicketSystemError(message, info);

/// <summary>The service, or one that it depends on, failed.</summary>
public class ExternalServiceError(string message, ErrorInfo? info = null) : TicketSystemError(message, info);

/// <summary>The response is not one of the API (but of a proxy or another service).</summary>
public class UnexpectedResponse(string message, ErrorInfo? info = null) : TicketSystemError(message, info);

/// <summary>There is no complete response.</summary>
public class ConnectionFailed(string message, bool wasSent, Exception? cause = null) : TicketSystemError(message)
{
    /// <summary>Whether the request may have taken effect.</summary>
    public bool WasSent { get; } = wasSent;

    /// <summary>The error of the connection.</summary>
    public Exception? Cause { get; } = cause;
}

/// <summary>A webhook was not sent by the ticket system, was altered, or is too old.</summary>
public class InvalidSignature(string message) : TicketSystemError(message);

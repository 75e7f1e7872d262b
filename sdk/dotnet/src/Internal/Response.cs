using System.Net.Http.Headers;
using System.Text.Json;

namespace Company.TicketSystem.Internal;

/// <summary>A response of the server; the body is empty if it was written to a file.</summary>
internal sealed record Response(int Status, HttpResponseHeaders Headers, string Body)
{
    private static readonly Dictionary<string, Func<string, ErrorInfo, TicketSystemError>> ByCode = new()
    {
        ["VALIDATION_ERROR"] = (message, info) => new ValidationError(message, info),
        ["AUTHENTICATION_REQUIRED"] = (message, info) => new AuthenticationRequired(message, info),
        ["PERMISSION_DENIED"] = (message, info) => new PermissionDenied(message, info),
        ["RESOURCE_NOT_FOUND"] = (message, info) => new NotFound(message, info),
        ["DUPLICATE_RESOURCE"] = (message, info) => new DuplicateResource(message, info),
        ["BUSINESS_RULE_VIOLATION"] = (message, info) => new BusinessRuleViolation(message, info),
        ["RATE_LIMIT_EXCEEDED"] = (message, info) => new RateLimited(message, info),
        ["EXTERNAL_SERVICE_ERROR"] = (message, info) => new ExternalServiceError(message, info),
    };

    /// <summary>The codes of responses that have none.</summary>
    private static readonly Dictionary<int, string> ByStatus = new()
    {
        [400] = "VALIDATION_ERROR",
        [401] = "AUTHENTICATION_REQUIRED",
        [403] = "PERMISSION_DENIED",
        [404] = "RESOURCE_NOT_FOUND",
        [409] = "DUPLICATE_RESOURCE",
        [422] = "BUSINESS_RULE_VIOLATION",
        [429] = "RATE_LIMIT_EXCEEDED",
    };

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>How long <c>Retry-After</c> asks to wait, given in seconds or as a date.</summary>
    public TimeSpan? RetryAfter
    {
        get
        {
            var wait = Headers.RetryAfter?.Delta ?? Headers.RetryAfter?.Date - DateTimeOffset.UtcNow;
            return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
        }
    }

    /// <summary>The <c>data</c> of the response; it has no value if there is none.</summary>
    /// <exception cref="UnexpectedResponse">The body is not a JSON object.</exception>
    public JsonElement Data()
    {
        // A repeated DELETE returns 404 if the lost response was a success.
        if (Body.Length == 0 || Status == 404)
        {
            return default;
        }
        if (Object() is not { } body)
        {
            var message = $"HTTP {Status}: not a response of the ticket system";
            throw new UnexpectedResponse(message, new ErrorInfo(Status: Status));
        }
        return body.TryGetProperty("data", out var data) ? data : default;
    }

    /// <summary>The error that the response reports.</summary>
    public TicketSystemError Error()
    {
        var body = Object();
        var error = Member(body, "error");
        var code = Text(Member(error, "code")) ?? "";
        var details = Member(error, "details");
        var header = Headers.TryGetValues("X-Request-ID", out var ids) ? ids.FirstOrDefault() : null;
        var info = new ErrorInfo(
            code,
            Status,
            details is { ValueKind: JsonValueKind.Object } found
                ? found.EnumerateObject().ToDictionary(one => one.Name, one => one.Value)
                : null,
            Text(Member(body, "request_id")) ?? header ?? "",
            RetryAfter);
        return Create(Text(Member(error, "message")) ?? $"HTTP {Status}", info);
    }

    private TicketSystemError Create(string message, ErrorInfo info)
    {
        if (Status == 412)
        {
            return new VersionConflict(message, info);
        }
        if (ByCode.TryGetValue(info.Code, out var create)
            || (ByStatus.TryGetValue(Status, out var code) && ByCode.TryGetValue(code, out create)))
        {
            return create(message, info);
        }
        return Status >= 500 ? new ExternalServiceError(message, info) : new UnexpectedResponse(message, info);
    }

    private JsonElement? Object()
    {
        try
        {
            using var document = JsonDocument.Parse(Body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonElement? Member(JsonElement? value, string name) =>
        value is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out var member)
            ? member
            : null;

    private static string? Text(JsonElement? value) =>
        value is { ValueKind: JsonValueKind.String } found ? found.GetString() : null;
}

namespace Company.TicketSystem.Internal;

/// <summary>The attempts of one call so far, and whether there is another one.</summary>
internal sealed class Attempts(Call call, TicketSystemClientOptions options)
{
    private int _count;
    private bool _wasRenewed;
    private bool _mayHaveTakenEffect;

    /// <summary>Return the time until the next attempt.</summary>
    /// <exception cref="ConnectionFailed">There is none.</exception>
    public TimeSpan DelayAfterConnectionError(Exception error)
    {
        var wasSent = error is not HttpRequestException
        {
            HttpRequestError: HttpRequestError.NameResolutionError
                or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError,
        };
        _mayHaveTakenEffect |= wasSent;
        var wait = Wait(null);
        if (wait is null || (wasSent && !call.IsRepeatable))
        {
            var message = $"{call.Method} {call.Path} got no response: {error.Message}";
            throw new ConnectionFailed(message, _mayHaveTakenEffect, error);
        }
        _count++;
        return wait.Value;
    }

    /// <summary>Return the time until the next attempt.</summary>
    /// <exception cref="TicketSystemError">There is none.</exception>
    public TimeSpan DelayAfterErrorResponse(Response response)
    {
        // 429 and 503: the server has not processed the request.
        var wasProcessed = response.Status is not (429 or 503);
        var isTemporary = !wasProcessed || (call.IsRepeatable && response.Status is 502 or 504);
        var conflictsWithOwnAttempt = call.Method == HttpMethod.Post && response.Status == 409 && _mayHaveTakenEffect;
        var wait = isTemporary || conflictsWithOwnAttempt ? Wait(response.RetryAfter) : null;
        if (wait is null)
        {
            throw response.Error();
        }
        _mayHaveTakenEffect |= wasProcessed;
        _count++;
        return wait.Value;
    }

    /// <summary>Return whether to renew the access token: true at most once.</summary>
    public bool ShouldRenewToken(Response response)
    {
        if (response.Status != 401 || !call.IsAuthorized || _wasRenewed)
        {
            return false;
        }
        _wasRenewed = true;
        return true;
    }

    /// <summary>Return whether an earlier attempt has deleted the resource.</summary>
    public bool WasAlreadyDeleted(Response response) =>
        call.Method == HttpMethod.Delete && response.Status == 404 && _mayHaveTakenEffect;

    private TimeSpan? Wait(TimeSpan? requested)
    {
        var minimum = requested ?? TimeSpan.Zero;
        if (_count >= options.Retries || minimum > options.MaxWait)
        {
            return null;
        }
        var delay = Math.Min(options.FirstWait.TotalSeconds * Math.Pow(2, _count), options.MaxWait.TotalSeconds);
        var varied = TimeSpan.FromSeconds(delay * (0.5 + (Random.Shared.NextDouble() / 2)));
        return varied > minimum ? varied : minimum;
    }
}

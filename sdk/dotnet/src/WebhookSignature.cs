using Company.TicketSystem.Internal;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Company.TicketSystem;

/// <summary>Webhook Payload, with a verified signature.</summary>
public sealed record WebhookEvent
{
    /// <summary>What happened, such as "ticket.created".</summary>
    public required string Event { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>What it happened to.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Data { get; init; }

    /// <summary>The subscription that it was sent for.</summary>
    public string? WebhookId { get; init; }
}

/// <summary>Verification of webhooks by their Standard Webhooks signature.</summary>
public static class WebhookSignature
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>Return the event of a request that was signed with the secret in the last five minutes.</summary>
    /// <param name="payload">The raw body of the request.</param>
    /// <param name="headers">The headers of the request.</param>
    /// <param name="secret">The secret of the subscription.</param>
    /// <exception cref="InvalidSignature">The request is not genuine.</exception>
    public static WebhookEvent Verify(
        byte[] payload, IEnumerable<KeyValuePair<string, string>> headers, string secret)
    {
        var byName = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in headers)
        {
            byName[name] = value;
        }
        if (!byName.TryGetValue("webhook-id", out var id)
            || !byName.TryGetValue("webhook-timestamp", out var moment)
            || !byName.TryGetValue("webhook-signature", out var signatures)
            || !long.TryParse(moment, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            throw new InvalidSignature("the webhook's headers are missing or malformed");
        }
        if (Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - seconds) > Tolerance.TotalSeconds)
        {
            throw new InvalidSignature("the webhook's timestamp is too old or in the future");
        }
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{moment}."), .. payload];
        var digest = HMACSHA256.HashData(Key(secret), signed);
        var expected = Encoding.UTF8.GetBytes("v1," + Convert.ToBase64String(digest));
        var matches = false;
        foreach (var one in signatures.Split(' '))
        {
            matches |= CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(one));
        }
        return matches ? Event(payload) : throw new InvalidSignature("the webhook was not signed with this secret");
    }

    private static WebhookEvent Event(byte[] payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload);
            return Wire.Read<WebhookEvent>(document.RootElement.Clone());
        }
        catch (Exception error) when (error is JsonException or UnexpectedResponse)
        {
            throw new InvalidSignature("the webhook's body is not an event");
        }
    }

    /// <summary>Return the key of a secret: decoded after <c>whsec_</c>, else its own bytes.</summary>
    private static byte[] Key(string secret)
    {
        const string prefix = "whsec_";
        if (!secret.StartsWith(prefix, StringComparison.Ordinal))
        {
            return Encoding.UTF8.GetBytes(secret);
        }
        try
        {
            return Convert.FromBase64String(secret[prefix.Length..]);
        }
        catch (FormatException)
        {
            throw new InvalidSignature("what follows whsec_ in the secret is not Base64");
        }
    }
}

using Company.TicketSystem.Models;
using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Company.TicketSystem.Internal;

/// <summary>Reads responses, and writes what methods are given as the API expects it.</summary>
internal static class Wire
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <summary>Return the object of a response.</summary>
    /// <exception cref="UnexpectedResponse">It is not one, or a field is missing.</exception>
    public static T Read<T>(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Undefined)
        {
            throw new UnexpectedResponse($"the response has no {typeof(T).Name}");
        }
        try
        {
            return value.Deserialize<T>(Options) ?? throw new JsonException("it is null");
        }
        catch (JsonException error)
        {
            throw new UnexpectedResponse($"the response is not a valid {typeof(T).Name}: {error.Message}");
        }
    }

    /// <summary>Return the JSON text of a value.</summary>
    public static string Write(object value) => JsonSerializer.Serialize(Plain(value));

    /// <summary>Return the values that are not null.</summary>
    public static Dictionary<string, object?> Given(params (string Name, object? Value)[] values) =>
        values.Where(one => one.Value is not null).ToDictionary(one => one.Name, one => one.Value);

    /// <summary>Return the query of an address, with its question mark; empty without values.</summary>
    public static string Query(IReadOnlyDictionary<string, object?> values)
    {
        var pairs = values
            .Where(one => one.Value is not null)
            .Select(one => $"{one.Key}={Uri.EscapeDataString(Text(one.Value!))}")
            .ToList();
        return pairs.Count == 0 ? "" : "?" + string.Join("&", pairs);
    }

    private static string Text(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("O", CultureInfo.InvariantCulture),
        Enum word => Name(word),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static object? Plain(object? value) => value switch
    {
        Enum word => Name(word),
        RequestFields fields => Plain(fields.Values),
        IReadOnlyDictionary<string, object?> map => map.ToDictionary(one => one.Key, one => Plain(one.Value)),
        string text => text,
        IEnumerable items => items.Cast<object?>().Select(Plain).ToList(),
        _ => value,
    };

    private static string Name(Enum value) =>
        value.GetType().GetField(value.ToString())?.GetCustomAttribute<WireNameAttribute>()?.Name
            ?? throw new ArgumentOutOfRangeException(nameof(value), value, "not a value of the API");
}

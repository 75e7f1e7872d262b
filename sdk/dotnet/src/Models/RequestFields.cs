namespace Company.TicketSystem.Models;

/// <summary>The fields that a request sends: those that were set, also if they were set to null.</summary>
public abstract class RequestFields
{
    private readonly Dictionary<string, object?> _values = [];

    /// <summary>The fields by their names in the API.</summary>
    public IReadOnlyDictionary<string, object?> Values => _values;

    private protected T? Get<T>(string name) => _values.TryGetValue(name, out var value) && value is T found ? found : default;

    private protected void Set(string name, object? value) => _values[name] = value;
}

/// <summary>The value of an enumeration as the API has it.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class WireNameAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;
}

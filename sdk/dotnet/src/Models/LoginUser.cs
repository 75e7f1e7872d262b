// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>The user in the response to a login.</summary>
public sealed record LoginUser
{
    /// <summary>id of the API.</summary>
    public required long Id { get; init; }

    /// <summary>username of the API.</summary>
    public required string Username { get; init; }

    /// <summary>email of the API.</summary>
    public required string Email { get; init; }

    /// <summary>first_name of the API.</summary>
    public required string FirstName { get; init; }

    /// <summary>last_name of the API.</summary>
    public required string LastName { get; init; }

    /// <summary>role of the API.</summary>
    public required string Role { get; init; }

    /// <summary>permissions of the API.</summary>
    public IReadOnlyList<string> Permissions { get; init; } = [];
}

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

using System.Text.Json;

namespace Company.TicketSystem.Models;

/// <summary>User Model.</summary>
public sealed record User
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

    /// <summary>department_id of the API.</summary>
    public long? DepartmentId { get; init; }

    /// <summary>is_active of the API.</summary>
    public required bool IsActive { get; init; }

    /// <summary>last_login of the API.</summary>
    public DateTimeOffset? LastLogin { get; init; }

    /// <summary>created_at of the API.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>preferences of the API.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Preferences { get; init; }
}

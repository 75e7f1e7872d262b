// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>The user who created a ticket, is assigned to it or wrote a comment.</summary>
public sealed record UserSummary
{
    /// <summary>id of the API.</summary>
    public required long Id { get; init; }

    /// <summary>username of the API.</summary>
    public required string Username { get; init; }

    /// <summary>first_name of the API.</summary>
    public required string FirstName { get; init; }

    /// <summary>last_name of the API.</summary>
    public required string LastName { get; init; }
}

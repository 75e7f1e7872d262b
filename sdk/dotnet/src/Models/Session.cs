// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>The response to a login.</summary>
public sealed record Session
{
    /// <summary>access_token of the API.</summary>
    public required string AccessToken { get; init; }

    /// <summary>refresh_token of the API.</summary>
    public required string RefreshToken { get; init; }

    /// <summary>token_type of the API.</summary>
    public required string TokenType { get; init; }

    /// <summary>expires_in of the API.</summary>
    public required long ExpiresIn { get; init; }

    /// <summary>user of the API.</summary>
    public required LoginUser User { get; init; }

    /// <summary>Everything but the secrets.</summary>
    public override string ToString() => $"Session {{ TokenType = {TokenType}, ExpiresIn = {ExpiresIn}, User = {User} }}";
}

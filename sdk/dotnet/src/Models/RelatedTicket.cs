// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>A related ticket.</summary>
public sealed record RelatedTicket
{
    /// <summary>id of the API.</summary>
    public required long Id { get; init; }

    /// <summary>ticket_number of the API.</summary>
    public required string TicketNumber { get; init; }

    /// <summary>title of the API.</summary>
    public required string Title { get; init; }

    /// <summary>status of the API.</summary>
    public required string Status { get; init; }

    /// <summary>relation of the API.</summary>
    public required string Relation { get; init; }
}

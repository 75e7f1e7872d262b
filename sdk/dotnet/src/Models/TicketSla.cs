// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>The SLA targets of the ticket.</summary>
public sealed record TicketSla
{
    /// <summary>first_response of the API.</summary>
    public SlaTarget? FirstResponse { get; init; }

    /// <summary>resolution of the API.</summary>
    public SlaTarget? Resolution { get; init; }
}

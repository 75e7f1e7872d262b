// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>The days of the report, both included.</summary>
public sealed record DateRange
{
    /// <summary>start_date of the API.</summary>
    public required DateOnly StartDate { get; init; }

    /// <summary>end_date of the API.</summary>
    public required DateOnly EndDate { get; init; }
}

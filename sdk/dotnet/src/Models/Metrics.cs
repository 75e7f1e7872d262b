// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>Dashboard Metrics: tickets of the period by status; averages and percentages.</summary>
public sealed record Metrics
{
    /// <summary>total_tickets of the API.</summary>
    public required long TotalTickets { get; init; }

    /// <summary>open_tickets of the API.</summary>
    public required long OpenTickets { get; init; }

    /// <summary>in_progress_tickets of the API.</summary>
    public required long InProgressTickets { get; init; }

    /// <summary>pending_approval_tickets of the API.</summary>
    public required long PendingApprovalTickets { get; init; }

    /// <summary>resolved_tickets of the API.</summary>
    public required long ResolvedTickets { get; init; }

    /// <summary>closed_tickets of the API.</summary>
    public required long ClosedTickets { get; init; }

    /// <summary>avg_resolution_time of the API.</summary>
    public double? AvgResolutionTime { get; init; }

    /// <summary>sla_compliance of the API.</summary>
    public double? SlaCompliance { get; init; }

    /// <summary>customer_satisfaction of the API.</summary>
    public double? CustomerSatisfaction { get; init; }
}

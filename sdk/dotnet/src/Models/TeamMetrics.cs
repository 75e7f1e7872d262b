// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>The figures of a team.</summary>
public sealed record TeamMetrics
{
    /// <summary>assigned of the API.</summary>
    public required long Assigned { get; init; }

    /// <summary>open_now of the API.</summary>
    public required long OpenNow { get; init; }

    /// <summary>resolved of the API.</summary>
    public required long Resolved { get; init; }

    /// <summary>replies of the API.</summary>
    public required long Replies { get; init; }

    /// <summary>avg_first_response_time of the API.</summary>
    public double? AvgFirstResponseTime { get; init; }

    /// <summary>median_first_response_time of the API.</summary>
    public double? MedianFirstResponseTime { get; init; }

    /// <summary>avg_resolution_time of the API.</summary>
    public double? AvgResolutionTime { get; init; }

    /// <summary>median_resolution_time of the API.</summary>
    public double? MedianResolutionTime { get; init; }

    /// <summary>reopened_rate of the API.</summary>
    public double? ReopenedRate { get; init; }

    /// <summary>sla_compliance of the API.</summary>
    public double? SlaCompliance { get; init; }

    /// <summary>customer_satisfaction of the API.</summary>
    public double? CustomerSatisfaction { get; init; }

    /// <summary>ratings of the API.</summary>
    public required long Ratings { get; init; }

    /// <summary>id of the API.</summary>
    public required long Id { get; init; }

    /// <summary>name of the API.</summary>
    public required string Name { get; init; }
}

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;
import java.util.List;

/** Performance Reports. Missing values are null. */
public record Performance(
        DateRange period,
        PerformanceMetrics summary,
        List<AgentMetrics> agents,
        List<TeamMetrics> teams) {

    /** Read it from a response. */
    public static Performance read(JsonObject fields) {
        return new Performance(
                fields.model("period", DateRange::read),
                fields.model("summary", PerformanceMetrics::read),
                fields.models("agents", AgentMetrics::read),
                fields.models("teams", TeamMetrics::read));
    }
}

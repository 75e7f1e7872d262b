// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

import com.company.ticketsystem.json.JsonObject;
import java.util.List;

/** Dashboard Metrics, with the data of a chart. Missing values are null. */
public record Dashboard(
        Metrics metrics,
        Trends trends,
        List<CategoryCount> topCategories,
        Period period,
        Backlog backlog,
        List<DailyCount> daily) {

    /** Read it from a response. */
    public static Dashboard read(JsonObject fields) {
        return new Dashboard(
                fields.model("metrics", Metrics::read),
                fields.model("trends", Trends::read),
                fields.models("top_categories", CategoryCount::read),
                fields.model("period", Period::read),
                fields.model("backlog", Backlog::read),
                fields.models("daily", DailyCount::read));
    }
}

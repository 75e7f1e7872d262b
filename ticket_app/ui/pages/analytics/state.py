"""The state of the analytics page; the period and department are in the address."""

from __future__ import annotations

import csv
import io

import plotly.graph_objects as go
import reflex as rx

from ticket_app.core.platform.errors import Forbidden
from ticket_app.ui import bridge, page_calls, routes
from ticket_app.ui.pages.analytics.own import MetricGroup, load_own_statistics
from ticket_app.ui.pages.analytics.rows import (
    DEFAULT_PERIOD,
    PERIODS,
    ChartSummary,
    Metric,
    PersonRow,
    TimeSummary,
    load_analytics,
)


class Analytics(rx.State):
    """Metrics of one period and department."""

    period: str = DEFAULT_PERIOD
    period_label: str = PERIODS[DEFAULT_PERIOD]
    department: str = ""
    department_name: str = ""
    departments: list[tuple[str, str]] = []
    metrics: list[Metric] = []
    flow: ChartSummary = ChartSummary("")
    categories: ChartSummary = ChartSummary("")
    people: ChartSummary = ChartSummary("")
    flow_figure: go.Figure = go.Figure()
    categories_figure: go.Figure = go.Figure()
    people_figure: go.Figure = go.Figure()
    rows: list[PersonRow] = []
    time: TimeSummary = TimeSummary()
    has_data: bool = False
    is_loaded: bool = False
    denied_reason: str = ""
    groups: list[MetricGroup] = []
    """What an agent sees who may not read reports: their own metrics and their team's."""

    _csv_tables: dict[str, list[list[str]]] = {}
    _export_href: str = ""

    @bridge.event
    async def load(self) -> None:
        """Load what the address asks for."""
        params = self.router.url.query_parameters
        period = params.get("period", DEFAULT_PERIOD)
        self.denied_reason, self.groups = "", []
        try:
            found = await bridge.read(self, load_analytics, period, params.get("department", ""))
        except Forbidden:
            await self._load_own_statistics(period)
            return
        self.period, self.department = found.period, found.department
        self.period_label, self.department_name = PERIODS[found.period], found.department_name
        self.departments, self.metrics, self.rows = found.departments, found.metrics, found.rows
        self.flow, self.categories, self.people = found.flow, found.categories, found.people
        self.flow_figure, self.categories_figure = found.flow_figure, found.categories_figure
        self.people_figure, self.has_data = found.people_figure, found.has_data
        self.time = found.time
        self._csv_tables, self._export_href = found.csv_tables, found.export_href
        self.is_loaded = True

    async def _load_own_statistics(self, period: str) -> None:
        try:
            own = await bridge.read(self, load_own_statistics, period)
        except Forbidden as error:
            self.denied_reason, self.is_loaded = error.message, True
            return
        self.period, self.period_label = own.period, PERIODS[own.period]
        self.groups, self.is_loaded = own.groups, True

    @bridge.event
    def filter_by(self, name: str, value: str) -> bridge.Events:
        """Change the period or department in the address, so that it can be shared."""
        current = {"period": self.period, "department": self.department}
        if name not in current:
            return None
        return rx.redirect(routes.analytics(**{**current, name: value[:20]}))

    @bridge.event
    def export_tickets(self, file_format: str) -> bridge.Events:
        """Download the period's tickets in the given format."""
        return (
            page_calls.load_document(self._export_href + file_format)
            if self._export_href and file_format in ("csv", "xlsx")
            else None
        )

    @bridge.event
    def download_csv(self, name: str) -> bridge.Events:
        """Download the numbers behind a chart as CSV."""
        table = self._csv_tables.get(name)
        if table is None:
            return None
        out = io.StringIO()
        csv.writer(out).writerows([[_escape_formula(value) for value in row] for row in table])
        return rx.download(data=out.getvalue(), filename=f"{name}-{self.period}.csv")


def _escape_formula(value: str) -> str:
    """Prefix a value that a spreadsheet would run as a formula."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value

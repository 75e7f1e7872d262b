"""The analytics page's state: one period and department, as its address asks for them."""

from __future__ import annotations

import csv
import io
from typing import Any

import plotly.graph_objects as go
import reflex as rx

from ticket_app.core.platform.errors import Forbidden
from ticket_app.ui import bridge, page_calls, routes
from ticket_app.ui.pages.analytics.told import PERIODS, USUAL, Figure, Finding, PersonRow, told


class Analytics(rx.State):
    """The figures of the desk, for those who may read reports."""

    period: str = USUAL
    period_word: str = PERIODS[USUAL]
    department: str = ""
    department_name: str = ""
    departments: list[tuple[str, str]] = []
    numbers: list[Figure] = []
    flow: Finding = Finding("")
    categories: Finding = Finding("")
    people: Finding = Finding("")
    flow_figure: go.Figure = go.Figure()
    categories_figure: go.Figure = go.Figure()
    people_figure: go.Figure = go.Figure()
    rows: list[PersonRow] = []
    any: bool = False
    ready: bool = False
    refused: str = ""

    _sheets: dict[str, list[list[str]]] = {}
    _export: str = ""

    @bridge.event
    async def load(self) -> None:
        """Show what the address asks for."""
        asked = self.router.url.query_parameters
        try:
            found = await bridge.read(
                self, told, asked.get("period", USUAL), asked.get("department", "")
            )
        except Forbidden as no:
            self.refused, self.ready = no.message, True
            return
        self.refused = ""
        self.period, self.department = found.period, found.department
        self.period_word, self.department_name = PERIODS[found.period], found.department_name
        self.departments, self.numbers, self.rows = found.departments, found.numbers, found.rows
        self.flow, self.categories, self.people = found.flow, found.categories, found.people
        self.flow_figure, self.categories_figure = found.flow_figure, found.categories_figure
        self.people_figure, self.any = found.people_figure, found.any
        self._sheets, self._export = found.sheets, found.export
        self.ready = True

    @bridge.event
    def choose(self, what: str, value: str) -> Any:
        """Another period or department, in the address so that it can be sent to a colleague."""
        now = {"period": self.period, "department": self.department}
        if what not in now:
            return None
        return rx.redirect(routes.analytics(**{**now, what: value[:20]}))

    @bridge.event
    def fetch(self, form: str) -> Any:
        """The tickets of the period, as a file in that form."""
        return (
            page_calls.go(self._export + form) if self._export and form in ("csv", "xlsx") else None
        )

    @bridge.event
    def download(self, name: str) -> Any:
        """The numbers behind one figure, as a file."""
        sheet = self._sheets.get(name)
        if sheet is None:
            return None
        out = io.StringIO()
        csv.writer(out).writerows([[_safe(cell) for cell in row] for row in sheet])
        return rx.download(data=out.getvalue(), filename=f"{name}-{self.period}.csv")


def _safe(cell: str) -> str:
    """A name that a spreadsheet would take for a formula is told as text."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell

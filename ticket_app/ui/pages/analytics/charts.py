"""The Plotly charts of the analytics page and their light and dark templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import plotly.graph_objects as go

from ticket_app.ui.pages.analytics import texts

FONT: Final = "Inter, system-ui, sans-serif"
MIN_DAYS_FOR_WEEKS: Final = 100
"""From this many days on, line charts show weeks, because daily variation hides the trend."""


@dataclass(frozen=True)
class ThemeColors:
    """The colours of one theme: Radix's slate and indigo as plain values, which Plotly needs.

    `series` is safe for colour-blind readers; the first colour is the accent.
    """

    text: str
    muted: str
    grid: str
    line: str
    background: str
    series: tuple[str, ...]


LIGHT: Final = ThemeColors(
    text="#1c2024",
    muted="#60646c",
    grid="#e8e8ec",
    line="#d9d9e0",
    background="#ffffff",
    series=(
        "#3e63dd",
        "#8b8d98",
        "#cc7a00",
        "#12a594",
        "#ab4aba",
        "#0588b0",
        "#946800",
        "#ce2c31",
    ),
)
DARK: Final = ThemeColors(
    text="#edeef0",
    muted="#b0b4ba",
    grid="#272a2d",
    line="#43484e",
    background="#18191b",
    series=(
        "#9eb1ff",
        "#777b84",
        "#ffca16",
        "#0bd8b6",
        "#d19dff",
        "#75c7f0",
        "#c7a66b",
        "#ff9592",
    ),
)


def plotly_template(colors: ThemeColors) -> dict[str, object]:
    """Return the Plotly template of a theme: a light grid, no frame, exact values on hover."""
    axis = {
        "gridcolor": colors.grid,
        "zerolinecolor": colors.line,
        "linecolor": colors.line,
        "tickcolor": colors.line,
        "tickfont": {"color": colors.muted, "size": 12},
        "automargin": True,
        "fixedrange": True,
        "title": {"font": {"color": colors.muted, "size": 12}},
    }
    return {
        "layout": {
            "font": {"family": FONT, "size": 12, "color": colors.text},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "colorway": list(colors.series),
            "xaxis": {**axis, "showgrid": False},
            "yaxis": {**axis, "rangemode": "tozero"},
            "hoverlabel": {
                "bgcolor": colors.background,
                "bordercolor": colors.line,
                "font": {"family": FONT, "size": 12, "color": colors.text},
            },
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "showlegend": False,
            "dragmode": False,
            "annotationdefaults": {"font": {"size": 12, "color": colors.text}, "showarrow": False},
        }
    }


def _apply_layout(figure: go.Figure, height: int, **options: object) -> go.Figure:
    # Plotly's own template is disabled: the page applies the one of its theme.
    figure.update_layout(template=None, height=height, **options)
    return figure


def _group_by_week(
    days: Sequence[date], *series: Sequence[int]
) -> tuple[list[date], list[list[int]]]:
    """Sum daily values by week; each week is named by its Monday."""
    weeks: dict[date, list[int]] = {}
    for index, day in enumerate(days):
        sums = weeks.setdefault(day - timedelta(days=day.weekday()), [0] * len(series))
        for n, values in enumerate(series):
            sums[n] += values[index]
    return list(weeks), [[sums[n] for sums in weeks.values()] for n in range(len(series))]


def created_and_resolved_chart(
    days: Sequence[date], created: Sequence[int], resolved: Sequence[int]
) -> go.Figure:
    """Return a line chart of created and resolved tickets per day, or per week for long periods."""
    is_weekly = len(days) >= MIN_DAYS_FOR_WEEKS
    shown: list[date] = list(days)
    created_counts, resolved_counts = list(created), list(resolved)
    if is_weekly:
        shown, (created_counts, resolved_counts) = _group_by_week(days, created, resolved)
    hover_label = texts.CHART_WEEK if is_weekly else "%{x|%a, %b %-d}"
    figure = go.Figure()
    for name, values, shape in (
        (texts.CREATED, created_counts, "solid"),
        (texts.RESOLVED, resolved_counts, "dot"),
    ):
        figure.add_scatter(
            x=shown,
            y=values,
            name=name,
            mode="lines",
            line={"width": 2, "dash": shape},
            hovertemplate=f"{hover_label}<br>%{{y:,}} {name.lower()}<extra></extra>",
        )
        if shown:
            figure.add_annotation(
                x=shown[-1],
                y=values[-1],
                text=name,
                xanchor="left",
                xshift=6,
                yshift=_label_shift(
                    name,
                    created_counts[-1],
                    resolved_counts[-1],
                    max([*created_counts, *resolved_counts, 1]),
                ),
            )
    return _apply_layout(
        figure,
        260,
        hovermode="x unified",
        xaxis={"tickformat": "%b %-d", "ticklabelstandoff": 8},
        margin={"l": 8, "r": 64, "t": 8, "b": 8},
    )


def _label_shift(name: str, created: int, resolved: int, top: int) -> int:
    """Return how far to shift a line's label, in pixels, so that two labels do not overlap."""
    if abs(created - resolved) / top > 0.1:
        return 0
    return 8 if (name == texts.CREATED) == (created >= resolved) else -8


def bar_chart(counts: Mapping[str, int], unit: str) -> go.Figure:
    """Return a horizontal bar chart of counts by name, largest first."""
    names, numbers = list(counts), list(counts.values())
    figure = go.Figure(
        go.Bar(
            x=numbers,
            y=names,
            orientation="h",
            text=[f"{number:,}" for number in numbers],
            textposition="outside",
            cliponaxis=False,
            hovertemplate=f"%{{y}}: %{{x:,}} {unit}<extra></extra>",
        )
    )
    return _apply_layout(
        figure,
        max(120, 32 * len(names) + 16),
        bargap=0.35,
        xaxis={"visible": False, "range": [0, max([*numbers, 1]) * 1.12]},
        yaxis={"autorange": "reversed", "showgrid": False, "ticks": "", "ticklabelstandoff": 6},
    )


def sparkline_points(values: Sequence[float], width: int = 96, height: int = 24) -> str:
    """Return the points of an SVG polyline, sizes in pixels; "" for fewer than two values."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    step, value_range = width / (len(values) - 1), (high - low) or 1
    return " ".join(
        f"{index * step:.1f},{height - 2 - (value - low) / value_range * (height - 4):.1f}"
        for index, value in enumerate(values)
    )

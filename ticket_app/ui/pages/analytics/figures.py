"""The figures of the analytics page, as Plotly draws them, and how they look in light and dark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import plotly.graph_objects as go

FONT: Final = "Inter, system-ui, sans-serif"
WEEKLY_FROM: Final = 100
"""Days from which on a line shows weeks: daily ups and downs would hide what it tells."""


@dataclass(frozen=True)
class Ink:
    """The colours of one theme (Radix's slate and indigo, as plain values: Plotly knows no other).

    `series` can be told apart by the colour-blind; the first is the accent.
    """

    text: str
    soft: str
    grid: str
    line: str
    paper: str
    series: tuple[str, ...]


LIGHT: Final = Ink(
    text="#1c2024",
    soft="#60646c",
    grid="#e8e8ec",
    line="#d9d9e0",
    paper="#ffffff",
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
DARK: Final = Ink(
    text="#edeef0",
    soft="#b0b4ba",
    grid="#272a2d",
    line="#43484e",
    paper="#18191b",
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


def template(ink: Ink) -> dict[str, Any]:
    """How every figure looks in one theme: a light grid, no frame, the exact value on hover."""
    axis = {
        "gridcolor": ink.grid,
        "zerolinecolor": ink.line,
        "linecolor": ink.line,
        "tickcolor": ink.line,
        "tickfont": {"color": ink.soft, "size": 12},
        "automargin": True,
        "fixedrange": True,
        "title": {"font": {"color": ink.soft, "size": 12}},
    }
    return {
        "layout": {
            "font": {"family": FONT, "size": 12, "color": ink.text},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "colorway": list(ink.series),
            "xaxis": {**axis, "showgrid": False},
            "yaxis": {**axis, "rangemode": "tozero"},
            "hoverlabel": {
                "bgcolor": ink.paper,
                "bordercolor": ink.line,
                "font": {"family": FONT, "size": 12, "color": ink.text},
            },
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "showlegend": False,
            "dragmode": False,
            "annotationdefaults": {"font": {"size": 12, "color": ink.text}, "showarrow": False},
        }
    }


def _layout(figure: go.Figure, height: int, **more: Any) -> go.Figure:
    # No template of Plotly's own: the page brings the one of its theme.
    figure.update_layout(template=None, height=height, **more)
    return figure


def _by_week(days: Sequence[date], *series: Sequence[int]) -> tuple[list[date], list[list[int]]]:
    """Days gathered into weeks, each named by its Monday."""
    weeks: dict[date, list[int]] = {}
    for place, day in enumerate(days):
        sums = weeks.setdefault(day - timedelta(days=day.weekday()), [0] * len(series))
        for n, values in enumerate(series):
            sums[n] += values[place]
    return list(weeks), [[sums[n] for sums in weeks.values()] for n in range(len(series))]


def flow(days: Sequence[date], filed: Sequence[int], resolved: Sequence[int]) -> go.Figure:
    """How many were filed and resolved, a day (or a week, where there are many days)."""
    weekly = len(days) >= WEEKLY_FROM
    shown: list[date] = list(days)
    came, went = list(filed), list(resolved)
    if weekly:
        shown, (came, went) = _by_week(days, filed, resolved)
    said = "Week of %{x|%b %-d}" if weekly else "%{x|%a, %b %-d}"
    figure = go.Figure()
    for name, values, shape in (("Filed", came, "solid"), ("Resolved", went, "dot")):
        figure.add_scatter(
            x=shown,
            y=values,
            name=name,
            mode="lines",
            line={"width": 2, "dash": shape},
            hovertemplate=f"{said}<br>%{{y:,}} {name.lower()}<extra></extra>",
        )
        if shown:
            figure.add_annotation(
                x=shown[-1],
                y=values[-1],
                text=name,
                xanchor="left",
                xshift=6,
                yshift=_apart(name, came[-1], went[-1], max([*came, *went, 1])),
            )
    return _layout(
        figure,
        260,
        hovermode="x unified",
        xaxis={"tickformat": "%b %-d"},
        margin={"l": 8, "r": 64, "t": 8, "b": 8},
    )


def _apart(name: str, filed: int, resolved: int, top: int) -> int:
    """Two labels that would lie over each other are moved apart (pixels)."""
    if abs(filed - resolved) / top > 0.1:
        return 0
    return 8 if (name == "Filed") == (filed >= resolved) else -8


def bars(counts: Mapping[str, int], what: str) -> go.Figure:
    """Counts by name, the largest on top, each with its number beside it."""
    names, numbers = list(counts), list(counts.values())
    figure = go.Figure(
        go.Bar(
            x=numbers,
            y=names,
            orientation="h",
            text=[f"{number:,}" for number in numbers],
            textposition="outside",
            cliponaxis=False,
            hovertemplate=f"%{{y}}: %{{x:,}} {what}<extra></extra>",
        )
    )
    return _layout(
        figure,
        max(120, 32 * len(names) + 16),
        bargap=0.35,
        xaxis={"visible": False, "range": [0, max([*numbers, 1]) * 1.12]},
        yaxis={"autorange": "reversed", "showgrid": False, "ticks": "", "ticklabelstandoff": 6},
    )


def sparkline(values: Sequence[float], width: int = 96, height: int = 24) -> str:
    """The points of a line through the values, for an SVG of that size; empty without any."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    step, span = width / (len(values) - 1), (high - low) or 1
    return " ".join(
        f"{place * step:.1f},{height - 2 - (value - low) / span * (height - 4):.1f}"
        for place, value in enumerate(values)
    )

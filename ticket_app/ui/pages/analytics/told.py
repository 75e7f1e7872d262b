"""From the core's reports to what the analytics page shows: numbers, findings, figures, rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import urlencode

import plotly.graph_objects as go

from ticket_app.core.people import directory
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Category
from ticket_app.core.reports import dashboard, performance
from ticket_app.core.reports import figures as report_figures
from ticket_app.core.reports.dashboard import Dashboard
from ticket_app.core.reports.performance import Achievement
from ticket_app.core.reports.periods import Span, span_of
from ticket_app.core.tickets.ticket_list import TicketQuery
from ticket_app.ui.pages.analytics import figures
from ticket_app.ui.pages.desk.views import Asked
from ticket_app.ui.rows import color_of, initials_of

PERIODS: Final[dict[str, str]] = {
    "7d": "7 days",
    "30d": "30 days",
    "90d": "90 days",
    "1y": "12 months",
}
USUAL: Final = "30d"
MOST_BARS: Final = 8


@dataclass(frozen=True)
class Link:
    """Words that lead to the tickets they count."""

    text: str
    href: str


@dataclass(frozen=True)
class Figure:
    """One number, how it changed, and where its tickets are; `parts` of it have lists, too."""

    name: str
    value: str
    change: str
    tone: str
    hint: str
    spark: str
    href: str
    parts: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Finding:
    """A figure's title, which says what it shows, and where its tickets are."""

    title: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class PersonRow:
    """One agent's or team's figures, ready to be read; numbers of tickets lead to their lists."""

    id: int
    name: str
    initials: str
    color: int
    team: str
    open_now: Link
    assigned: Link
    resolved: Link
    replies: str
    response: Link
    resolution: Link
    compliance: Link
    satisfaction: Link


@dataclass(frozen=True)
class Told:
    """All that the page shows of one period and department."""

    period: str
    department: str
    department_name: str
    departments: list[tuple[str, str]]
    numbers: list[Figure]
    flow: Finding
    categories: Finding
    people: Finding
    flow_figure: go.Figure
    categories_figure: go.Figure
    people_figure: go.Figure
    rows: list[PersonRow]
    export: str
    any: bool
    sheets: dict[str, list[list[str]]] = field(default_factory=dict)


def told(desk: Desk, period: str, department: str) -> Told:
    """The page for a period and a department's id ("" is all). Raises `Forbidden`."""
    desk.actor.must("view_reports", "read reports")
    period = period if period in PERIODS else USUAL
    departments = [(str(row.id), row.name) for row in directory.departments(desk)]
    names = dict(departments)
    department = department if department in names else ""
    span = span_of(period, desk.now, desk.zone)
    where = {"department_id": int(department)} if department else {}
    board = dashboard.dashboard(desk, span, **where)
    people = performance.performance(desk, span)
    lists = report_figures.of_span(span.between, **where) | report_figures.at_present(**where)
    links = {name: _href(tickets, span) for name, tickets in lists.items()}
    busy = sorted((one for one in people.agents if one.resolved), key=lambda one: -one.resolved)[
        :MOST_BARS
    ]
    words = {_category(word): n for word, n in board.by_category.items()}
    top = dict(list(words.items())[:MOST_BARS])
    return Told(
        period=period,
        department=department,
        department_name=names.get(department, ""),
        departments=departments,
        numbers=_numbers(board, links, PERIODS[period]),
        flow=Finding(
            _flow_said(board, PERIODS[period]),
            (
                Link(f"{board.filed:,} filed", links["filed"]),
                Link(f"{board.outcome.resolved:,} resolved", links["resolved"]),
            ),
        ),
        categories=Finding(
            _most_said(top, board.filed),
            tuple(
                Link(
                    f"{_category(word)} {n:,}",
                    _href(replace(lists["filed"], category=frozenset({word})), span),
                )
                for word, n in list(board.by_category.items())[:MOST_BARS]
            ),
        ),
        people=Finding(
            _people_said(busy, everywhere=bool(department)),
            tuple(
                Link(f"{one.name} {one.resolved:,}", lists_of(one, span)["resolved"])
                for one in busy
            ),
        ),
        flow_figure=figures.flow(
            [day.day for day in board.days],
            [day.filed for day in board.days],
            [day.resolved for day in board.days],
        ),
        categories_figure=figures.bars(top, "filed"),
        people_figure=figures.bars({one.name: one.resolved for one in busy}, "resolved"),
        rows=[_person(one, span) for one in people.agents],
        export=_export(span, department),
        any=bool(board.filed or board.outcome.resolved),
        sheets={
            "flow": [
                ["day", "filed", "resolved"],
                *([day.day.isoformat(), str(day.filed), str(day.resolved)] for day in board.days),
            ],
            "categories": [["category", "filed"], *([name, str(n)] for name, n in words.items())],
            "people": [HEADS, *(_cells(one) for one in people.agents)],
        },
    )


def _category(word: Category) -> str:
    return str(word).replace("_", " ").capitalize()


def _href(tickets: TicketQuery, span: Span, assignee: str = "") -> str:
    """Where the list of these tickets is."""
    return Asked.showing(tickets, span.zone, assignee=assignee).href()


def lists_of(one: Achievement, span: Span) -> dict[str, str]:
    """Where the lists of a person's figures are, by name of the list (`core.reports.figures`)."""
    whose = {"assignee_id": one.id}
    lists = report_figures.of_span(span.between, **whose) | report_figures.at_present(**whose)
    return {name: _href(tickets, span, one.username or "") for name, tickets in lists.items()}


def _export(span: Span, department: str) -> str:
    """Where the tickets of the period are fetched as a file; the format is added behind."""
    asked = {"since": span.first.isoformat(), "until": span.last.isoformat()}
    if department:
        asked["department"] = department
    return f"/session/export?{urlencode(asked)}&format="


def _change(now: float | None, before: float | None) -> str:
    if now is None or not before:
        return ""
    percent = round((now - before) / before * 100)
    return f"{percent:+d}%".replace("-", "\N{MINUS SIGN}")


def _tone(now: float | None, before: float | None, *, up_is_good: bool | None) -> str:
    if up_is_good is None or now is None or not before or round(now, 2) == round(before, 2):
        return "gray"
    return "green" if (now > before) == up_is_good else "red"


def duration(hours: float | None) -> str:
    """Hours as one reads them: 40 min, 5.2 h, 3.4 days; a dash for none."""
    if hours is None:
        return "–"
    if hours < 1:
        return f"{max(1, round(hours * 60))} min"
    return f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.1f} days"


def _numbers(board: Dashboard, links: dict[str, str], period: str) -> list[Figure]:
    now, before = board.outcome, board.before
    against = f"vs. previous {period}"
    rated = f"{now.ratings:,} ratings" if now.ratings else "no ratings yet"
    return [
        Figure(
            "Filed",
            f"{board.filed:,}",
            _change(board.filed, board.filed_before),
            _tone(board.filed, board.filed_before, up_is_good=None),
            against,
            figures.sparkline([day.filed for day in board.days]),
            links["filed"],
        ),
        Figure(
            "Resolved",
            f"{now.resolved:,}",
            _change(now.resolved, before.resolved),
            _tone(now.resolved, before.resolved, up_is_good=True),
            against,
            figures.sparkline([day.resolved for day in board.days]),
            links["resolved"],
        ),
        Figure(
            "Time to resolve",
            duration(now.hours),
            _change(now.hours, before.hours),
            _tone(now.hours, before.hours, up_is_good=False),
            f"on average, {against}",
            "",
            links["resolved"],
        ),
        Figure(
            "SLA met",
            "–" if board.compliance is None else f"{board.compliance:.1f}%",
            "",
            "gray",
            "no SLA target was due" if board.compliance is None else "",
            "",
            links["sla_measured"],
            _sla_parts(board, links),
        ),
        Figure(
            "Satisfaction",
            "–" if now.rating is None else f"{now.rating:.1f} of 5",
            _change(now.rating, before.rating),
            _tone(now.rating, before.rating, up_is_good=True),
            rated,
            "",
            links["rated"],
        ),
        Figure(
            "Open now",
            f"{board.backlog.total:,}",
            "",
            "gray",
            "",
            "",
            links["total"],
            (
                Link(f"{board.backlog.unassigned:,} unassigned", links["unassigned"]),
                Link(f"{board.backlog.overdue:,} overdue", links["overdue"]),
            ),
        ),
    ]


def _sla_parts(board: Dashboard, links: dict[str, str]) -> tuple[Link, ...]:
    if board.sla is None or board.compliance is None:
        return ()
    return (
        Link(f"{board.sla.met:,} met", links["sla_met"]),
        Link(f"{board.sla.missed:,} breached", links["sla_breached"]),
    )


def _flow_said(board: Dashboard, period: str) -> str:
    more = board.filed - board.outcome.resolved
    if not (board.filed or board.outcome.resolved):
        return f"Nothing came in within the last {period}"
    if more == 0:
        return f"As many were resolved as came in within the last {period}"
    if more > 0:
        return f"{more:,} more came in than were resolved within the last {period}"
    return f"{-more:,} more were resolved than came in within the last {period}"


def _most_said(counts: dict[str, int], total: int) -> str:
    if not total:
        return "No categories yet"
    most = max(counts.values())
    first = [name for name, count in counts.items() if count == most]
    if len(first) == 1:
        return f"{first[0]} leads with {most:,} of {total:,}"
    return f"{', '.join(first[:-1])} and {first[-1]} lead with {most:,} each, of {total:,}"


def _people_said(busy: Sequence[Achievement], *, everywhere: bool) -> str:
    if not busy:
        return "Nobody has resolved a ticket yet"
    where = " in all departments" if everywhere else ""
    return f"{busy[0].name} resolved the most{where}, {busy[0].resolved:,}"


HEADS: Final = [
    "agent",
    "team",
    "open now",
    "assigned",
    "resolved",
    "replies",
    "first response h",
    "resolution h",
    "SLA met %",
    "satisfaction",
]


def _cells(one: Achievement) -> list[str]:
    numbers: list[Any] = [
        one.open_now,
        one.assigned,
        one.resolved,
        one.replies,
        one.first_response_hours,
        one.resolution_hours,
        one.compliance,
        one.satisfaction,
    ]
    return [one.name, one.team or "", *("" if n is None else str(n) for n in numbers)]


def _person(one: Achievement, span: Span) -> PersonRow:
    at = lists_of(one, span)
    places = report_figures.ACHIEVEMENT

    def link(figure: str, text: str) -> Link:
        return Link(text, "" if getattr(one, figure) is None else at[places[figure]])

    return PersonRow(
        id=one.id or 0,
        name=one.name,
        initials=initials_of(one.name),
        color=color_of(one.username or one.name),
        team=one.team or "",
        open_now=link("open_now", f"{one.open_now:,}"),
        assigned=link("assigned", f"{one.assigned:,}"),
        resolved=link("resolved", f"{one.resolved:,}"),
        replies=f"{one.replies:,}",
        response=link("first_response_hours", duration(one.first_response_hours)),
        resolution=link("resolution_hours", duration(one.resolution_hours)),
        compliance=link("compliance", "–" if one.compliance is None else f"{one.compliance:.0f}%"),
        satisfaction=link(
            "satisfaction", "–" if one.satisfaction is None else f"{one.satisfaction:.1f}"
        ),
    )

"""The titles of the charts, which state what the charts show."""

from __future__ import annotations

from collections.abc import Sequence

from ticket_app.core.reports.dashboard import Dashboard
from ticket_app.core.reports.performance import PerformanceMetrics
from ticket_app.ui.pages.analytics import texts


def created_and_resolved_title(board: Dashboard, period: str) -> str:
    difference = board.created - board.resolution.resolved
    if not (board.created or board.resolution.resolved):
        return texts.title_no_tickets(period)
    if difference == 0:
        return texts.title_balanced(period)
    if difference > 0:
        return texts.title_more_created(difference, period)
    return texts.title_more_resolved(-difference, period)


def top_category_title(counts: dict[str, int], total: int) -> str:
    if not total:
        return texts.TITLE_NO_CATEGORIES
    top_count = max(counts.values())
    first = [name for name, count in counts.items() if count == top_count]
    if len(first) == 1:
        return texts.title_category(first[0], top_count, total)
    return texts.title_categories(", ".join(first[:-1]), first[-1], top_count, total)


def top_agent_title(top_people: Sequence[PerformanceMetrics], *, all_departments: bool) -> str:
    if not top_people:
        return texts.TITLE_NO_AGENTS
    scope = texts.TITLE_ALL_DEPARTMENTS if all_departments else ""
    return texts.title_agent(top_people[0].name, scope, top_people[0].resolved)

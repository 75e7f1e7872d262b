"""The labels of the active filters and the texts of an empty list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ticket_app.ui import theme
from ticket_app.ui.pages.desk import texts, ticket_actions
from ticket_app.ui.pages.desk.queue.filters import DAY_FILTERS, FACT_FILTERS, QueueFilters
from ticket_app.ui.pages.desk.queue.views import VIEWS


@dataclass(frozen=True)
class ExtraFilter:
    """A filter without a menu, such as one set by a link from a report."""

    name: str
    text: str


@dataclass(frozen=True)
class FilterChips:
    """The labels of the active filters; empty for an inactive one."""

    status: str = ""
    statuses: tuple[str, ...] = ()
    priority: str = ""
    priorities: tuple[str, ...] = ()
    kind: str = ""
    kinds: tuple[str, ...] = ()
    assignee: str = ""
    company: str = ""
    tag: str = ""
    section: str = ""
    dates: str = ""
    since: str = ""
    until: str = ""
    facts: tuple[str, ...] = ()
    extras: tuple[ExtraFilter, ...] = ()
    has_fixed_assignee: bool = False
    is_filtered: bool = False


def _summarize(values: tuple[str, ...], looks: Mapping[str, theme.Look]) -> str:
    if not values:
        return ""
    first: str = looks[values[0]].word
    return first if len(values) == 1 else f"{first} +{len(values) - 1}"


def make_filter_chips(filters: QueueFilters, page: ticket_actions.QueuePage) -> FilterChips:
    """Return the labels of a URL's filters."""
    return FilterChips(
        status=_summarize(filters.status, theme.STATUS_LOOKS),
        statuses=filters.status,
        priority=_summarize(filters.priority, theme.PRIORITY_LOOKS),
        priorities=filters.priority,
        kind=_summarize(filters.kind, theme.KIND_LOOKS),
        kinds=filters.kind,
        assignee=page.assignee,
        company=page.company,
        tag=", ".join(filters.tags),
        section=filters.section,
        dates=_date_range(filters.since, filters.until),
        since=filters.since,
        until=filters.until,
        facts=filters.facts,
        extras=tuple(list_extra_filters(filters, page)),
        has_fixed_assignee=VIEWS[filters.view].has_fixed_assignee,
        is_filtered=filters.is_filtered,
    )


def _date_range(since: str, until: str) -> str:
    if since == until:
        return since
    return texts.queue_date_range(since or "…", until or "…")


def list_extra_filters(filters: QueueFilters, page: ticket_actions.QueuePage) -> list[ExtraFilter]:
    """Return the active filters that have no menu."""
    words = ", ".join(word.replace("_", " ").capitalize() for word in filters.category)
    labels = {"category": words, "department": page.department, "team": page.team}
    extras = [
        ExtraFilter(name, texts.queue_filter(name.capitalize(), value))
        for name, value in labels.items()
        if value
    ]
    extras += [
        ExtraFilter(name, texts.queue_filter(DAY_FILTERS[name].label, _date_range(*days)))
        for name, *days in filters.days
    ]
    return extras + [ExtraFilter(f"only {name}", FACT_FILTERS[name]) for name in filters.facts]


def empty_list_texts(filters: QueueFilters, elsewhere: str) -> tuple[str, str]:
    """Return the title and the text of the empty list."""
    if not filters.is_filtered:
        return VIEWS[filters.view].empty_texts
    if elsewhere:
        return (
            texts.queue_matches_elsewhere(elsewhere),
            texts.queue_searched_for(filters.search),
        )
    if filters.search:
        return (
            texts.queue_no_matches(filters.search),
            texts.QUEUE_EMPTY_SEARCH_TEXT,
        )
    return texts.QUEUE_EMPTY_FILTERED_TITLE, texts.QUEUE_EMPTY_FILTERED_TEXT

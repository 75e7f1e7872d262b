"""The labels of the active filters and the texts of an empty list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ticket_app.ui.field_values import choice_labels
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.queue.day_filters import DAY_FILTERS
from ticket_app.ui.pages.desk.queue.filters import (
    FACT_FILTERS,
    QueueFilters,
    choice_filters,
    reference_filters,
)
from ticket_app.ui.pages.desk.queue.rows import QueuePage
from ticket_app.ui.pages.desk.queue.views import VIEWS
from ticket_app.ui.pages.desk.saved_views import texts as view_texts


@dataclass(frozen=True)
class ExtraFilter:
    """A filter without a menu, such as one set by a link from a report."""

    name: str
    text: str


@dataclass(frozen=True)
class FilterChips:
    """The labels of the active filters; empty for an inactive one."""

    labels: dict[str, str] = field(default_factory=dict)
    """What each filter of a field shows, by the field's name."""
    chosen: dict[str, list[str]] = field(default_factory=dict)
    """The chosen values of each filter by several values."""
    dates: str = ""
    since: str = ""
    until: str = ""
    facts: tuple[str, ...] = ()
    extras: tuple[ExtraFilter, ...] = ()
    has_fixed_assignee: bool = False
    is_filtered: bool = False


def _summarize(labels: Mapping[str, str], chosen: Sequence[str]) -> str:
    if not chosen:
        return ""
    first = labels[chosen[0]]
    return first if len(chosen) == 1 else f"{first} +{len(chosen) - 1}"


def make_filter_chips(filters: QueueFilters, page: QueuePage) -> FilterChips:
    """Return the labels of a URL's filters."""
    chosen = {one.name: filters.choices.get(one.name, ()) for one in choice_filters()}
    return FilterChips(
        labels={
            **dict.fromkeys((one.name for one in reference_filters()), ""),
            **page.names,
            **{
                one.name: _summarize(choice_labels(one), chosen[one.name])
                for one in choice_filters()
            },
            "tags": ", ".join(filters.tags),
            "section": filters.section,
        },
        chosen={name: list(values) for name, values in chosen.items()},
        dates=_date_range(filters.since, filters.until),
        since=filters.since,
        until=filters.until,
        facts=filters.facts,
        extras=tuple(list_extra_filters(filters, page.conditions)),
        has_fixed_assignee=VIEWS[filters.view].has_fixed_assignee,
        is_filtered=filters.is_filtered,
    )


def _date_range(since: str, until: str) -> str:
    if since == until:
        return since
    return texts.queue_date_range(since or "…", until or "…")


def list_extra_filters(filters: QueueFilters, conditions: Sequence[str] = ()) -> list[ExtraFilter]:
    """Return the active filters that have no menu; `conditions` are those of a saved view."""
    extras = [ExtraFilter(f"condition {n}", text) for n, text in enumerate(conditions)]
    if filters.stored and filters.search and filters.search == filters.stored.search:
        extras.append(ExtraFilter("search", view_texts.search(filters.search)))
    extras += [
        ExtraFilter(name, texts.queue_filter(DAY_FILTERS[name].label, _date_range(*days)))
        for name, *days in filters.days
    ]
    return extras + [ExtraFilter(f"only {name}", FACT_FILTERS[name]) for name in filters.facts]


def empty_list_texts(filters: QueueFilters, elsewhere: str) -> tuple[str, str]:
    """Return the title and the text of the empty list."""
    if filters.view_id and not filters.is_changed:
        return view_texts.EMPTY_TITLE, view_texts.EMPTY_TEXT
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

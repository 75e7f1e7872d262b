"""The standard views, and the filters, sort order and page that a queue URL names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import partial
from typing import Final, TypeVar, cast, get_args

from ticket_app.core.platform.dates import MAX_DATETIME, MIN_DATETIME, day_start, local_date
from ticket_app.core.platform.vocabulary import Category, Kind, Priority, Status, StatusGroup
from ticket_app.core.tickets.conditions import UNFINISHED_GROUPS
from ticket_app.core.tickets.ticket_query import SortField, TicketQuery
from ticket_app.core.tickets.views import QueueView
from ticket_app.ui import routes
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.queue.views import DEFAULT_VIEW, ME, UNASSIGNED, VIEWS

PAGE_SIZE: Final = 50
W = TypeVar("W", bound=str)
FACT_FILTERS: Final = texts.QUEUE_FILTER_LABELS
"""The boolean filters of a URL (`only=`) and their labels."""


@dataclass(frozen=True)
class DayFilter:
    """A date range filter: its label, its URL parameters and the query fields it sets.

    A single query field takes both ends of the range.
    """

    label: str
    since_parameter: str
    until_parameter: str
    query_fields: tuple[str, ...]


DAY_FILTERS: Final[dict[str, DayFilter]] = {
    (name := fields[0].removesuffix("_from").removesuffix("_measured")): DayFilter(
        label, f"{name}_since", f"{name}_until", fields
    )
    for label, fields in (
        (texts.QUEUE_DATES_RESOLVED, ("resolved_from", "resolved_before")),
        (texts.QUEUE_DATES_FIRST_REPLY, ("answered_from", "answered_before")),
        (texts.QUEUE_DATES_SLA, ("sla_measured",)),
        (texts.QUEUE_FILTER_SLA_BREACHED, ("sla_breached_from", "sla_breached_before")),
        (
            texts.QUEUE_FILTER_RESPONSE_BREACHED,
            ("response_breached_from", "response_breached_before"),
        ),
    )
}
"""The date range filters, apart from the creation date (`since`, `until`)."""


def _parse_choices(
    text: str, choice_type: Callable[[str], W], allowed_values: Iterable[str]
) -> tuple[W, ...]:
    allowed = set(allowed_values)
    chosen = dict.fromkeys(word for word in text.split(",") if word in allowed)
    return tuple(choice_type(word) for word in chosen)


def _parse_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _time_range(since: str, until: str, zone: tzinfo) -> tuple[datetime | None, datetime | None]:
    """Return the start of the first day and the end of the last one; either may be missing."""
    first, last = _parse_day(since), _parse_day(until)
    start = day_start(first, zone) if first else None
    if last is None:
        return start, None
    return start, MAX_DATETIME if last == date.max else day_start(last + timedelta(days=1), zone)


def _day_range(start: datetime | None, end: datetime | None, zone: tzinfo) -> tuple[str, str]:
    """Return the first and the last day of a range of moments: the inverse of `_time_range`."""
    first = local_date(start, zone).isoformat() if start else ""
    return first, (local_date(end, zone) - timedelta(days=1)).isoformat() if end else ""


def _parse_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


@dataclass(frozen=True)
class QueueFilters:
    """The filters, sort order and page of a queue URL; unknown values are ignored."""

    view: str = DEFAULT_VIEW
    status: tuple[Status, ...] = ()
    priority: tuple[Priority, ...] = ()
    kind: tuple[Kind, ...] = ()
    category: tuple[Category, ...] = ()
    assignee: str = ""
    company: int | None = None
    department: int | None = None
    team: int | None = None
    facts: tuple[str, ...] = ()
    days: tuple[tuple[str, str, str], ...] = ()
    tags: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    section: str = ""
    search: str = ""
    sort: SortField = "updated"
    descending: bool = True
    after: str = ""
    start: int = 1
    is_desk_home: bool = field(default=False, compare=False)
    """Whether the URL is `/desk`, whose filters stay on that path."""

    @classmethod
    def from_url(cls, view: str, params: Mapping[str, str]) -> QueueFilters:
        """Parse the name of a view (empty at `/desk`) and the parameters of a URL."""
        is_home, view = not view, view if view in VIEWS else DEFAULT_VIEW
        sort, descending = VIEWS[view].sort, VIEWS[view].descending
        if params.get("sort") in get_args(SortField):
            sort = cast("SortField", params["sort"])
            descending = params.get("dir") != "asc"
        number = params.get("n", "")
        days = tuple(
            (name, since, until)
            for name, one in DAY_FILTERS.items()
            if any(
                _parse_day(day)
                for day in (
                    params.get(one.since_parameter, ""),
                    params.get(one.until_parameter, ""),
                )
            )
            for since in [
                params.get(one.since_parameter, "")
                if _parse_day(params.get(one.since_parameter, ""))
                else ""
            ]
            for until in [
                params.get(one.until_parameter, "")
                if _parse_day(params.get(one.until_parameter, ""))
                else ""
            ]
        )
        return cls(
            view=view,
            status=_parse_choices(params.get("status", ""), Status, Status),
            priority=_parse_choices(params.get("priority", ""), Priority, Priority),
            kind=_parse_choices(params.get("kind", ""), Kind, Kind),
            category=_parse_choices(params.get("category", ""), Category, Category),
            assignee=params.get("assignee", "")[:150],
            company=_parse_number(params.get("company", "")),
            department=_parse_number(params.get("department", "")),
            team=_parse_number(params.get("team", "")),
            facts=_parse_choices(params.get("only", ""), str, FACT_FILTERS),
            days=days,
            tags=tuple(tag for tag in params.get("tag", "").split(",") if tag)[:5],
            since=params["since"] if _parse_day(params.get("since", "")) else "",
            until=params["until"] if _parse_day(params.get("until", "")) else "",
            section=params.get("section", "")[:120],
            search=params.get("q", "")[:200],
            sort=sort,
            descending=descending,
            after=params.get("after", "")[:200],
            start=int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 1,
            is_desk_home=is_home,
        )

    def href(self, **changes: object) -> str:
        """Return the URL with some changes, on its first page unless `after` is given."""
        filters = replace(self, **{"after": "", "start": 1, **changes})
        view = VIEWS[filters.view]
        has_own_sort = (filters.sort, filters.descending) != (view.sort, view.descending)
        address = (
            routes.desk_home if filters.is_desk_home else partial(routes.desk_view, filters.view)
        )
        return address(
            q=filters.search,
            status=",".join(filters.status),
            priority=",".join(filters.priority),
            kind=",".join(filters.kind),
            category=",".join(filters.category),
            assignee=filters.assignee,
            company=str(filters.company or ""),
            department=str(filters.department or ""),
            team=str(filters.team or ""),
            only=",".join(filters.facts),
            **{
                part: day
                for name, *days in filters.days
                for part, day in zip(
                    (DAY_FILTERS[name].since_parameter, DAY_FILTERS[name].until_parameter),
                    days,
                    strict=True,
                )
            },
            tag=",".join(filters.tags),
            section=filters.section,
            since=filters.since,
            until=filters.until,
            sort=filters.sort if has_own_sort else "",
            dir=("desc" if filters.descending else "asc") if has_own_sort else "",
            after=filters.after,
            n=str(filters.start) if filters.after else "",
        )

    @property
    def without_page(self) -> QueueFilters:
        """The same filters on the first page."""
        return replace(self, after="", start=1)

    @property
    def search_everywhere(self) -> QueueFilters:
        """The same search in all tickets."""
        return QueueFilters.from_url("all", {"q": self.search})

    @property
    def is_narrowed_search(self) -> bool:
        """Whether the view or a filter narrows a search."""
        unsorted = replace(
            self.without_page,
            sort=self.search_everywhere.sort,
            descending=self.search_everywhere.descending,
        )
        return bool(self.search) and unsorted != self.search_everywhere

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the view narrows the list."""
        unfiltered = QueueFilters(view=self.view, sort=self.sort, descending=self.descending)
        return self.without_page != unfiltered

    @classmethod
    def for_query(cls, query: TicketQuery, zone: tzinfo, *, assignee: str = "") -> QueueFilters:
        """Return the list of the tickets that a report counts (`core.reports.metric_queries`).

        Moments must be the starts of days in `zone`; `assignee` is the assignee's username.
        """
        since, until = _day_range(query.created_from, query.created_before, zone)
        days = []
        for name, one in DAY_FILTERS.items():
            moments = [getattr(query, field) for field in one.query_fields]
            start, end = moments if len(moments) == 2 else moments[0] or (None, None)
            if start or end:
                days.append((name, *_day_range(start, end, zone)))
        view = "all"
        if query.overdue:
            view = "overdue"
        elif query.group == UNFINISHED_GROUPS:
            view = str(QueueView.UNASSIGNED) if query.unassigned else DEFAULT_VIEW
        return replace(
            cls.from_url(view, {}),
            status=tuple(sorted(query.status)),
            category=tuple(sorted(query.category)),
            assignee=assignee,
            department=query.department_id,
            team=query.team_id,
            facts=tuple(name for name in FACT_FILTERS if getattr(query, name)),
            days=tuple(days),
            since=since,
            until=until,
        )

    def to_query(
        self, *, now: datetime, actor_id: int, zone: tzinfo = UTC, assignee_id: int | None = None
    ) -> TicketQuery:
        """Return the core's query.

        Days are days in `zone`; `assignee_id` is the id of the person named by `assignee`.
        """
        conditions: dict[str, object] = VIEWS[self.view].query_fields(now, actor_id)
        if self.status:
            inside = frozenset(
                s for s in self.status if s.group in conditions.get("group", StatusGroup)
            )
            conditions |= {"status": inside or frozenset(self.status)}
            if inside:
                conditions.pop("group", None)
        if VIEWS[self.view].has_fixed_assignee:
            pass
        elif self.assignee == UNASSIGNED:
            conditions["unassigned"] = True
        elif self.assignee:
            conditions["assignee_id"] = actor_id if self.assignee == ME else (assignee_id or 0)
        created_from, created_before = _time_range(self.since, self.until, zone)
        conditions |= dict.fromkeys(self.facts, True)
        for name, since, until in self.days:
            start, end = _time_range(since, until, zone)
            if len(DAY_FILTERS[name].query_fields) == 1:
                conditions[DAY_FILTERS[name].query_fields[0]] = (
                    start or MIN_DATETIME,
                    end or MAX_DATETIME,
                )
            else:
                chosen = zip(DAY_FILTERS[name].query_fields, (start, end), strict=True)
                conditions |= {field: moment for field, moment in chosen if moment}
        return TicketQuery(
            **conditions,
            category=frozenset(self.category),
            department_id=self.department,
            team_id=self.team,
            priority=frozenset(self.priority),
            kind=frozenset(self.kind),
            company_id=self.company,
            tags=self.tags,
            created_from=created_from,
            created_before=created_before,
            section=self.section or None,
            search=self.search,
            sort=self.sort,
            descending=self.descending,
        )


@dataclass
class PageTrail:
    """The pages that were opened in one list, for the Previous button."""

    filters: QueueFilters = field(default_factory=QueueFilters)
    pages: list[tuple[str, int]] = field(default_factory=list)

    def visit(self, filters: QueueFilters) -> PageTrail:
        """Return the trail after opening a page."""
        page = (filters.after, filters.start)
        if filters.without_page != self.filters:
            return PageTrail(filters.without_page, [page])
        if page in self.pages:
            return PageTrail(self.filters, self.pages[: self.pages.index(page) + 1])
        return PageTrail(self.filters, [*self.pages, page])

    @property
    def previous(self) -> tuple[str, int]:
        """The cursor and start of the previous page; the first page if it is unknown."""
        return self.pages[-2] if len(self.pages) > 1 else ("", 1)

"""The standard views, and the filters, sort order and page that a queue URL names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from typing import Final, cast, get_args

from ticket_app.core.platform.dates import MAX_DATETIME, MIN_DATETIME
from ticket_app.core.platform.ticket_status import UNFINISHED_GROUPS
from ticket_app.core.platform.vocabulary import Status, StatusGroup
from ticket_app.core.tickets.fields import (
    ASSIGNEE,
    FIELDS,
    FieldType,
    FieldView,
    TicketField,
    fields_shown_in,
)
from ticket_app.core.tickets.ticket_conditions import NO_CONDITIONS, ConditionGroup
from ticket_app.core.tickets.ticket_query import SortField, TicketQuery
from ticket_app.core.tickets.views import QueueView
from ticket_app.ui import routes
from ticket_app.ui.field_values import choice_labels
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.queue.day_filters import (
    DAY_FILTERS,
    day_range,
    parse_day,
    time_range,
)
from ticket_app.ui.pages.desk.queue.views import DEFAULT_VIEW, ME, UNASSIGNED, VIEWS

PAGE_SIZE: Final = 50
FACT_FILTERS: Final = texts.QUEUE_FILTER_LABELS
"""The boolean filters of a URL (`only=`) and their labels."""
WITH_SNOOZED: Final = "with_snoozed"
"""The one that widens a view: it shows the tickets that the person has snoozed."""
OWN_FILTERS: Final = "f"
"""The parameter of a URL whose filters stand in place of those of its saved view."""
WITHOUT: Final = "without"
"""The parameter with the numbers of the saved view's conditions that are removed."""


def choice_filters() -> list[TicketField]:
    """Return the fields that are filtered by several of their values."""
    return [field for field in fields_shown_in(FieldView.FILTER) if field.has_choices]


def reference_filters() -> list[TicketField]:
    """Return the fields that are filtered by a row (a team, a company), besides the assignee."""
    return [
        field
        for field in fields_shown_in(FieldView.FILTER)
        if field.type is FieldType.REFERENCE and field is not ASSIGNEE
    ]


def _parse_choices(text: str, allowed_values: Iterable[str]) -> tuple[str, ...]:
    allowed = {str(value) for value in allowed_values}
    return tuple(dict.fromkeys(word for word in text.split(",") if word in allowed))


def _parse_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


@dataclass(frozen=True)
class QueueFilters:
    """The filters, sort order and page of a queue URL; unknown values are ignored."""

    view: str = DEFAULT_VIEW
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The chosen values of each field with a fixed set of them, by the field's name."""
    references: Mapping[str, int] = field(default_factory=dict)
    """The id of the chosen team, company and the like, by the field's name."""
    assignee: str = ""
    requester: str = ""
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
    view_id: int = 0
    """The id of the saved view; 0 for a standard view."""
    conditions: ConditionGroup = NO_CONDITIONS
    """The conditions of the saved view that no filter of the header can express."""
    stored: QueueFilters | None = field(default=None, compare=False)
    """The filters that the saved view holds, with which a URL without filters opens."""

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
                parse_day(day)
                for day in (
                    params.get(one.since_parameter, ""),
                    params.get(one.until_parameter, ""),
                )
            )
            for since in [
                params.get(one.since_parameter, "")
                if parse_day(params.get(one.since_parameter, ""))
                else ""
            ]
            for until in [
                params.get(one.until_parameter, "")
                if parse_day(params.get(one.until_parameter, ""))
                else ""
            ]
        )
        return cls(
            view=view,
            choices={
                filter_field.name: chosen
                for filter_field in choice_filters()
                if (
                    chosen := _parse_choices(
                        params.get(filter_field.name, ""), choice_labels(filter_field)
                    )
                )
            },
            references={
                filter_field.name: row_id
                for filter_field in reference_filters()
                if (row_id := _parse_number(params.get(filter_field.name, "")))
            },
            assignee=params.get("assignee", "")[:150],
            requester=params.get("requester", "")[:150],
            facts=_parse_choices(params.get("only", ""), FACT_FILTERS),
            days=days,
            tags=tuple(tag for tag in params.get("tag", "").split(",") if tag)[:5],
            since=params["since"] if parse_day(params.get("since", "")) else "",
            until=params["until"] if parse_day(params.get("until", "")) else "",
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
        number = str(filters.start) if filters.after else ""
        if filters.view_id and not filters.is_changed:
            return routes.desk_view(str(filters.view_id), after=filters.after, n=number)
        return filters.address(
            q=filters.search,
            **{name: ",".join(chosen) for name, chosen in filters.choices.items()},
            assignee=filters.assignee,
            requester=filters.requester,
            **{name: str(row_id) for name, row_id in filters.references.items()},
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
            n=number,
        )

    def address(self, **params: str) -> str:
        """Return the URL of the view with some parameters."""
        if self.view_id:
            removed = ",".join(map(str, self._removed_conditions))
            own = {OWN_FILTERS: "1", WITHOUT: removed}
            return routes.desk_view(str(self.view_id), **own, **params)
        return (
            routes.desk_home(**params)
            if self.is_desk_home
            else routes.desk_view(self.view, **params)
        )

    @property
    def _removed_conditions(self) -> list[int]:
        stored = self.stored.conditions.parts if self.stored else ()
        return [n for n, part in enumerate(stored) if part not in self.conditions.parts]

    @property
    def is_changed(self) -> bool:
        """Whether the filters or the order differ from those of the saved view."""
        return self.stored is not None and self.comparable != self.stored.comparable

    @property
    def comparable(self) -> QueueFilters:
        """The same filters on the first page, with chosen values in one order."""
        choices = {name: tuple(sorted(values)) for name, values in self.choices.items()}
        return replace(self.without_page, choices=choices)

    def with_choice(self, name: str, *chosen: str) -> QueueFilters:
        """The same filters with these values of a field; none of them clears the filter."""
        others = {other: values for other, values in self.choices.items() if other != name}
        return replace(self, choices={**others, name: chosen} if chosen else others)

    def with_reference(self, name: str, row_id: int | None) -> QueueFilters:
        """The same filters with the row of a field; None clears the filter."""
        others = {other: value for other, value in self.references.items() if other != name}
        return replace(self, references={**others, name: row_id} if row_id else others)

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
        if self.view_id:
            return self.is_changed
        unfiltered = QueueFilters(view=self.view, sort=self.sort, descending=self.descending)
        return self.without_page != unfiltered

    @classmethod
    def for_query(cls, query: TicketQuery, zone: tzinfo, *, assignee: str = "") -> QueueFilters:
        """Return the list of the tickets that a report counts (`core.reports.metric_queries`).

        Moments must be the starts of days in `zone`; `assignee` is the assignee's username.
        """
        since, until = day_range(query.created_from, query.created_before, zone)
        days = []
        for name, one in DAY_FILTERS.items():
            moments = [getattr(query, field) for field in one.query_fields]
            start, end = moments if len(moments) == 2 else moments[0] or (None, None)
            if start or end:
                days.append((name, *day_range(start, end, zone)))
        view = "all"
        if query.overdue:
            view = "overdue"
        elif query.group == UNFINISHED_GROUPS:
            view = str(QueueView.UNASSIGNED) if query.unassigned else DEFAULT_VIEW
        hides_snoozed = "not_snoozed" in VIEWS[view].conditions
        return replace(
            cls.from_url(view, {}),
            choices={
                one.name: tuple(sorted(map(str, chosen)))
                for one in choice_filters()
                if (chosen := getattr(query, one.name))
            },
            references={
                one.name: row_id
                for one in reference_filters()
                if (row_id := getattr(query, one.column))
            },
            assignee=assignee,
            facts=tuple(
                name
                for name in FACT_FILTERS
                if (getattr(query, name) if name != WITH_SNOOZED else hides_snoozed)
            ),
            days=tuple(days),
            since=since,
            until=until,
        )

    def to_query(
        self,
        *,
        now: datetime,
        actor_id: int,
        zone: tzinfo = UTC,
        assignee_id: int | None = None,
        requester_id: int | None = None,
    ) -> TicketQuery:
        """Return the core's query.

        Days are days in `zone`; `assignee_id` and `requester_id` are the ids of the people named by
        `assignee` and `requester`.
        """
        conditions: dict[str, object] = VIEWS[self.view].query_fields(now, actor_id)
        for name, chosen in self.choices.items():
            conditions[name] = frozenset(map(FIELDS[name].choices or Status, chosen))
        if statuses := frozenset(map(Status, self.choices.get("status", ()))):
            inside = frozenset(
                s for s in statuses if s.group in conditions.get("group", StatusGroup)
            )
            conditions["status"] = inside or statuses
            if inside:
                conditions.pop("group", None)
        conditions |= {FIELDS[name].column: row_id for name, row_id in self.references.items()}
        if self.requester:
            conditions["requester_id"] = requester_id or 0
        if VIEWS[self.view].has_fixed_assignee:
            pass
        elif self.assignee == UNASSIGNED:
            conditions["unassigned"] = True
        elif self.assignee:
            conditions["assignee_id"] = actor_id if self.assignee == ME else (assignee_id or 0)
        created_from, created_before = time_range(self.since, self.until, zone)
        conditions |= _fact_conditions(self.facts)
        for name, since, until in self.days:
            start, end = time_range(since, until, zone)
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
            tags=self.tags,
            created_from=created_from,
            created_before=created_before,
            section=self.section or None,
            search=self.search,
            sort=self.sort,
            descending=self.descending,
        )


def _fact_conditions(facts: tuple[str, ...]) -> dict[str, object]:
    """Return the query fields of the boolean filters of a URL."""
    conditions: dict[str, object] = {name: True for name in facts if name != WITH_SNOOZED}
    return conditions | ({"not_snoozed": False} if WITH_SNOOZED in facts else {})

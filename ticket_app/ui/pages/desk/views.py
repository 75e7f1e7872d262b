"""The queue's views, and what an address of the queue asks for: filters, sort and page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import partial
from typing import Any, Final, TypeVar, get_args

from ticket_app.core.platform.dates import EARLIEST, LATEST, day_of, start_of
from ticket_app.core.platform.vocabulary import Category, Group, Kind, Priority, Status
from ticket_app.core.tickets.conditions import NOT_DONE
from ticket_app.core.tickets.ticket_list import Sort, TicketQuery
from ticket_app.ui import routes

PAGE: Final = 50
SOON: Final = timedelta(hours=24)
RECENT: Final = timedelta(days=14)
ME: Final = "me"
NOBODY: Final = "none"
W = TypeVar("W", bound=str)


@dataclass(frozen=True)
class View:
    """A standard view: its word, icon and key, how it is sorted at first, and what it holds.

    `holds` are fields of a `TicketQuery`, times as distances from now; `empty` is said without any.
    """

    word: str
    icon: str
    key: str
    sort: Sort
    down: bool
    holds: dict[str, Any]
    empty: tuple[str, str]

    def fields(self, now: datetime, me: int) -> dict[str, Any]:
        """What it holds at this moment, for this person."""
        return {
            name: me if value == ME else now + value if isinstance(value, timedelta) else value
            for name, value in self.holds.items()
        }

    @property
    def names_assignee(self) -> bool:
        """Whether the view itself says who the tickets are with."""
        return not self.holds.keys().isdisjoint({"assignee_id", "unassigned"})


VIEWS: Final[dict[str, View]] = {
    "open": View(
        "All open",
        "inbox",
        "g i",
        "updated",
        True,
        {"group": NOT_DONE},
        ("No open tickets", "New tickets appear here as they come in."),
    ),
    "mine": View(
        "Mine",
        "user",
        "g m",
        "due",
        False,
        {"group": NOT_DONE, "assignee_id": ME},
        ("No tickets assigned to you", "Open tickets that are assigned to you appear here."),
    ),
    "unassigned": View(
        "Unassigned",
        "user-x",
        "g u",
        "created",
        True,
        {"group": NOT_DONE, "unassigned": True},
        ("No unassigned tickets", "Tickets without an assignee appear here."),
    ),
    "soon": View(
        "Due soon",
        "timer",
        "g d",
        "due",
        False,
        {"group": NOT_DONE, "due_from": timedelta(), "due_before": SOON},
        ("Nothing is due soon", "Tickets that are due within a day appear here."),
    ),
    "overdue": View(
        "Overdue",
        "circle-alert",
        "g o",
        "due",
        False,
        {"overdue": True},
        ("Nothing is overdue", "Tickets that are past their due date appear here."),
    ),
    "waiting": View(
        "Waiting",
        "hourglass",
        "g w",
        "updated",
        True,
        {"group": frozenset({Group.WAITING})},
        ("No waiting tickets", "Tickets that wait for an answer or an approval appear here."),
    ),
    "closed": View(
        "Recently closed",
        "circle-check",
        "g c",
        "updated",
        True,
        {"group": frozenset({Group.DONE}), "updated_from": -RECENT, "resolved_from": -RECENT},
        ("No recently closed tickets", "Tickets closed in the last two weeks appear here."),
    ),
    "all": View(
        "All tickets",
        "list",
        "g a",
        "updated",
        True,
        {},
        ("No tickets yet", "File the first one, or let people file theirs in the portal."),
    ),
}
FACTS: Final[dict[str, str]] = {
    "sla_met": "SLA met",
    "sla_breached": "SLA breached",
    "response_met": "First reply in time",
    "response_breached": "First reply late",
    "answered": "Answered",
    "rated": "Rated",
    "reopened": "Reopened",
    "resolved_once": "Resolved at least once",
}
"""What an address can ask to hold of every ticket in a list, and how it reads."""


@dataclass(frozen=True)
class Days:
    """A filter by days: how it reads, and the fields of a query it sets.

    `since` and `until` are what it is called in an address; one field takes both moments.
    """

    word: str
    since: str
    until: str
    fields: tuple[str, ...]


DAYS: Final[dict[str, Days]] = {
    name: Days(word, f"{name}_since", f"{name}_until", fields)
    for name, word, fields in (
        ("resolved", "Resolved", ("resolved_from", "resolved_before")),
        ("answered", "First reply", ("answered_from", "answered_before")),
        ("sla", "SLA met or breached", ("sla_measured",)),
        ("sla_breached", "SLA breached", ("sla_breached_from", "sla_breached_before")),
        (
            "response_breached",
            "First reply late",
            ("response_breached_from", "response_breached_before"),
        ),
    )
}
"""Filters by days besides that of the day of creation (`since`, `until`)."""
FIRST: Final = "open"
TRASH: Final = "trash"


def _words(text: str, kind: Callable[[str], W], known: Iterable[str]) -> tuple[W, ...]:
    allowed = set(known)
    chosen = dict.fromkeys(word for word in text.split(",") if word in allowed)
    return tuple(kind(word) for word in chosen)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _between(since: str, until: str, zone: tzinfo) -> tuple[datetime | None, datetime | None]:
    """From the start of a day until the end of another one; either may be missing."""
    first, last = _day(since), _day(until)
    start = start_of(first, zone) if first else None
    if last is None:
        return start, None
    return start, LATEST if last == date.max else start_of(last + timedelta(days=1), zone)


def _days_between(start: datetime | None, end: datetime | None, zone: tzinfo) -> tuple[str, str]:
    """`_between` the other way round."""
    first = day_of(start, zone).isoformat() if start else ""
    return first, (day_of(end, zone) - timedelta(days=1)).isoformat() if end else ""


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


@dataclass(frozen=True)
class Asked:
    """What an address of the queue asks for; anything it does not understand is left out."""

    view: str = FIRST
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
    sort: Sort = "updated"
    down: bool = True
    after: str = ""
    start: int = 1
    is_home: bool = field(default=False, compare=False)
    """Asked for at `/desk`: its filters stay there, so that the page is not left for them."""

    @classmethod
    def read(cls, view: str, told: Mapping[str, str]) -> Asked:
        """From the view's name (none at `/desk`) and the parameters of the address."""
        is_home, view = not view, view if view in VIEWS else FIRST
        sort, down = VIEWS[view].sort, VIEWS[view].down
        if told.get("sort") in get_args(Sort):
            sort = told["sort"]  # type: ignore[assignment]
            down = told.get("dir") != "asc"
        number = told.get("n", "")
        days = tuple(
            (name, since, until)
            for name, one in DAYS.items()
            if any(_day(day) for day in (told.get(one.since, ""), told.get(one.until, "")))
            for since in [told.get(one.since, "") if _day(told.get(one.since, "")) else ""]
            for until in [told.get(one.until, "") if _day(told.get(one.until, "")) else ""]
        )
        return cls(
            view=view,
            status=_words(told.get("status", ""), Status, Status),
            priority=_words(told.get("priority", ""), Priority, Priority),
            kind=_words(told.get("kind", ""), Kind, Kind),
            category=_words(told.get("category", ""), Category, Category),
            assignee=told.get("assignee", "")[:150],
            company=_number(told.get("company", "")),
            department=_number(told.get("department", "")),
            team=_number(told.get("team", "")),
            facts=_words(told.get("only", ""), str, FACTS),
            days=days,
            tags=tuple(tag for tag in told.get("tag", "").split(",") if tag)[:5],
            since=told["since"] if _day(told.get("since", "")) else "",
            until=told["until"] if _day(told.get("until", "")) else "",
            section=told.get("section", "")[:120],
            search=told.get("q", "")[:200],
            sort=sort,
            down=down,
            after=told.get("after", "")[:200],
            start=int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 1,
            is_home=is_home,
        )

    def href(self, **changes: Any) -> str:
        """The address of this with some changes, from its first page unless told otherwise."""
        wanted = replace(self, **{"after": "", "start": 1, **changes})
        usual = VIEWS[wanted.view]
        sorted_anew = (wanted.sort, wanted.down) != (usual.sort, usual.down)
        address = routes.desk_home if wanted.is_home else partial(routes.desk_view, wanted.view)
        return address(
            q=wanted.search,
            status=",".join(wanted.status),
            priority=",".join(wanted.priority),
            kind=",".join(wanted.kind),
            category=",".join(wanted.category),
            assignee=wanted.assignee,
            company=str(wanted.company or ""),
            department=str(wanted.department or ""),
            team=str(wanted.team or ""),
            only=",".join(wanted.facts),
            **{
                part: day
                for name, *days in wanted.days
                for part, day in zip((DAYS[name].since, DAYS[name].until), days, strict=True)
            },
            tag=",".join(wanted.tags),
            section=wanted.section,
            since=wanted.since,
            until=wanted.until,
            sort=wanted.sort if sorted_anew else "",
            dir=("desc" if wanted.down else "asc") if sorted_anew else "",
            after=wanted.after,
            n=str(wanted.start) if wanted.after else "",
        )

    @property
    def list_only(self) -> Asked:
        """The same list, whichever page of it."""
        return replace(self, after="", start=1)

    @property
    def everywhere(self) -> Asked:
        """The same search in all tickets."""
        return Asked.read("all", {"q": self.search})

    @property
    def narrows_search(self) -> bool:
        """Whether there is a search that the view or a filter leaves tickets out of."""
        unsorted = replace(self.list_only, sort=self.everywhere.sort, down=self.everywhere.down)
        return bool(self.search) and unsorted != self.everywhere

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the view narrows the list."""
        bare = Asked(view=self.view, sort=self.sort, down=self.down)
        return self.list_only != bare

    @classmethod
    def showing(cls, tickets: TicketQuery, zone: tzinfo, *, assignee: str = "") -> Asked:
        """The list of exactly these tickets, as a report counts them (`core.reports.figures`).

        Moments must be the starts of days in `zone`; `assignee` is the username of the assignee.
        """
        since, until = _days_between(tickets.created_from, tickets.created_before, zone)
        days = []
        for name, one in DAYS.items():
            moments = [getattr(tickets, field) for field in one.fields]
            start, end = moments if len(moments) == 2 else moments[0] or (None, None)
            if start or end:
                days.append((name, *_days_between(start, end, zone)))
        view = "all"
        if tickets.overdue:
            view = "overdue"
        elif tickets.group == NOT_DONE:
            view = "unassigned" if tickets.unassigned else "open"
        return replace(
            cls.read(view, {}),
            status=tuple(sorted(tickets.status)),
            category=tuple(sorted(tickets.category)),
            assignee=assignee,
            department=tickets.department_id,
            team=tickets.team_id,
            facts=tuple(name for name in FACTS if getattr(tickets, name)),
            days=tuple(days),
            since=since,
            until=until,
        )

    def query(
        self, *, now: datetime, me: int, zone: tzinfo = UTC, assignee_id: int | None = None
    ) -> TicketQuery:
        """The core's query; `assignee_id` is who stands behind the name in `assignee`.

        Days are those of `zone`.
        """
        asked: dict[str, Any] = VIEWS[self.view].fields(now, me)
        if self.status:
            inside = frozenset(s for s in self.status if s.group in asked.get("group", Group))
            asked |= {"status": inside or frozenset(self.status)}
            if inside:
                asked.pop("group", None)
        if VIEWS[self.view].names_assignee:
            pass
        elif self.assignee == NOBODY:
            asked["unassigned"] = True
        elif self.assignee:
            asked["assignee_id"] = me if self.assignee == ME else (assignee_id or 0)
        created_from, created_before = _between(self.since, self.until, zone)
        asked |= dict.fromkeys(self.facts, True)
        for name, since, until in self.days:
            start, end = _between(since, until, zone)
            if len(DAYS[name].fields) == 1:
                asked[DAYS[name].fields[0]] = (start or EARLIEST, end or LATEST)
            else:
                chosen = zip(DAYS[name].fields, (start, end), strict=True)
                asked |= {field: moment for field, moment in chosen if moment}
        return TicketQuery(
            **asked,
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
            descending=self.down,
        )


@dataclass
class Trail:
    """The pages of one list that were walked through, so that Previous leads back."""

    of: Asked = field(default_factory=Asked)
    steps: list[tuple[str, int]] = field(default_factory=list)

    def walk(self, asked: Asked) -> Trail:
        """The trail once this page is open."""
        step = (asked.after, asked.start)
        if asked.list_only != self.of:
            return Trail(asked.list_only, [step])
        if step in self.steps:
            return Trail(self.of, self.steps[: self.steps.index(step) + 1])
        return Trail(self.of, [*self.steps, step])

    @property
    def previous(self) -> tuple[str, int]:
        """Where Previous leads; the list's first page if the way here is not known."""
        return self.steps[-2] if len(self.steps) > 1 else ("", 1)

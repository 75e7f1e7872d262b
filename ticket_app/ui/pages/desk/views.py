"""The queue's views, and what an address of the queue asks for: filters, sort and page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final, TypeVar, get_args

from ticket_app.core.queue import Sort, TicketQuery
from ticket_app.core.words import Group, Kind, Priority, Status
from ticket_app.ui import routes

PAGE: Final = 50
SOON: Final = timedelta(hours=24)
RECENT: Final = timedelta(days=14)
RUNNING: Final = frozenset({Group.OPEN})
UNDONE: Final = frozenset({Group.OPEN, Group.WAITING})
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
        {"group": UNDONE},
        ("Nothing is open", "New tickets appear here by themselves as they come in."),
    ),
    "mine": View(
        "Mine",
        "user",
        "g m",
        "due",
        False,
        {"group": UNDONE, "assignee_id": ME},
        ("Nothing is waiting for you", "Tickets that are assigned to you show here."),
    ),
    "unassigned": View(
        "Unassigned",
        "user-x",
        "g u",
        "created",
        True,
        {"group": UNDONE, "unassigned": True},
        ("Everything has somebody", "Tickets that nobody has taken yet show here."),
    ),
    "soon": View(
        "Due soon",
        "timer",
        "g d",
        "due",
        False,
        {"group": RUNNING, "due_from": timedelta(), "due_before": SOON},
        ("Nothing is due soon", "Tickets that are due within a day show here."),
    ),
    "overdue": View(
        "Overdue",
        "circle-alert",
        "g o",
        "due",
        False,
        {"group": RUNNING, "due_before": timedelta()},
        ("Nothing is overdue", "Tickets that are past their time show here."),
    ),
    "waiting": View(
        "Waiting",
        "hourglass",
        "g w",
        "updated",
        True,
        {"group": frozenset({Group.WAITING})},
        ("Nobody is waited for", "Tickets that wait for an answer or an approval show here."),
    ),
    "closed": View(
        "Recently closed",
        "circle-check",
        "g c",
        "updated",
        True,
        {"group": frozenset({Group.DONE}), "updated_from": -RECENT},
        ("Nothing was closed lately", "What was finished in the last two weeks shows here."),
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
FIRST: Final = "open"
TRASH: Final = "trash"


def _words(text: str, kind: Callable[[str], W], known: Iterable[str]) -> tuple[W, ...]:
    allowed = set(known)
    chosen = dict.fromkeys(word for word in text.split(",") if word in allowed)
    return tuple(kind(word) for word in chosen)


def _day(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC) if len(text) == 10 else None
    except ValueError:
        return None


@dataclass(frozen=True)
class Asked:
    """What an address of the queue asks for; anything it does not understand is left out."""

    view: str = FIRST
    status: tuple[Status, ...] = ()
    priority: tuple[Priority, ...] = ()
    kind: tuple[Kind, ...] = ()
    assignee: str = ""
    company: int | None = None
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
        company = told.get("company", "")
        return cls(
            view=view,
            status=_words(told.get("status", ""), Status, Status),
            priority=_words(told.get("priority", ""), Priority, Priority),
            kind=_words(told.get("kind", ""), Kind, Kind),
            assignee=told.get("assignee", "")[:150],
            company=int(company) if company.isascii() and company.isdigit() else None,
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
            assignee=wanted.assignee,
            company=str(wanted.company or ""),
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
    def is_filtered(self) -> bool:
        """Whether anything but the view narrows the list."""
        bare = Asked(view=self.view, sort=self.sort, down=self.down)
        return self.list_only != bare

    def query(self, *, now: datetime, me: int, assignee_id: int | None = None) -> TicketQuery:
        """The core's query; `assignee_id` is who stands behind the name in `assignee`."""
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
        until = _day(self.until)
        return TicketQuery(
            **asked,
            priority=frozenset(self.priority),
            kind=frozenset(self.kind),
            company_id=self.company,
            tags=self.tags,
            created_from=_day(self.since),
            created_before=until + timedelta(days=1) if until else None,
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

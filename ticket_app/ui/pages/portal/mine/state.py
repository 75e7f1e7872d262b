"""What a requester's list shows: read from the address, so that it can be sent and gone back to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, Final
from urllib.parse import urlencode

import reflex as rx

from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.dates import start_of
from ticket_app.core.platform.paging import LONGEST_PAGE, Slice
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Kind, Priority, Status
from ticket_app.core.tickets import ticket_list
from ticket_app.core.tickets.ticket_list import Sort, TicketQuery
from ticket_app.ui import bridge, live, routes, tail
from ticket_app.ui.rows import moment

A_PAGE: Final = 20
MOST_SHOWN: Final = 200
MOST_COUNTED: Final = 1_000

TABS: Final[dict[str, tuple[str, frozenset[Status]]]] = {
    "all": ("All", frozenset()),
    "open": (
        "Open",
        frozenset(
            {
                Status.NEW,
                Status.OPEN,
                Status.IN_PROGRESS,
                Status.REOPENED,
                Status.PENDING_APPROVAL,
            }
        ),
    ),
    "waiting": ("Waiting for you", frozenset({Status.PENDING_USER})),
    "resolved": ("Resolved", frozenset({Status.RESOLVED})),
    "closed": ("Closed", frozenset({Status.CLOSED, Status.DUPLICATE, Status.WONT_FIX})),
}
"""The tabs: their words, and the statuses behind each; every status is behind exactly one."""

SORTED: Final[dict[str, tuple[str, Sort, bool]]] = {
    "updated": ("Last updated", "updated", True),
    "newest": ("Newest first", "created", True),
    "oldest": ("Oldest first", "created", False),
    "priority": ("Priority", "priority", True),
    "status": ("Status", "status", False),
}

FILED: Final[dict[str, tuple[str, int]]] = {
    "7d": ("Last 7 days", 7),
    "30d": ("Last 30 days", 30),
    "90d": ("Last 90 days", 90),
    "365d": ("Last year", 365),
}


NAMES: Final = ("tab", "q", "kind", "priority", "filed", "sort")
"""What an address may say, in this order."""


@dataclass(frozen=True)
class Card:
    """A ticket as its requester sees it in the list."""

    number: str
    href: str
    title: str
    words: str
    status: str
    priority: str
    kind: str
    updated_at: str
    comments: int


@dataclass(frozen=True)
class Tab:
    """A tab with the number of tickets behind it and its address."""

    word: str
    label: str
    href: str
    number: str
    is_here: bool


@dataclass(frozen=True)
class Wish:
    """What the address asks for; unknown words ask for nothing."""

    tab: str = "all"
    q: str = ""
    kind: str = ""
    priority: str = ""
    filed: str = ""
    sort: str = "updated"

    @classmethod
    def of(cls, asked: Any) -> Wish:
        """The wish in the query of an address."""
        known = {
            "tab": TABS,
            "kind": tuple(Kind),
            "priority": tuple(Priority),
            "sort": SORTED,
        }
        told = {name: asked[name] for name, words in known.items() if asked.get(name) in words}
        filed = asked.get("filed", "")
        if filed in FILED or span_of(filed) != (None, None):
            told["filed"] = filed
        return cls(q=asked.get("q", "")[:200], **told)

    def changed(self, changes: dict[str, str]) -> Wish:
        """The wish with what a page's menus and fields say; what they may not say is left out."""
        return Wish.of({name: getattr(self, name) for name in NAMES} | changes)

    def address(self, **changes: str) -> str:
        """Where the list is with some of the wish changed."""
        wish = replace(self, **changes)
        plain = Wish()
        told = {
            name: value for name in NAMES if (value := getattr(wish, name)) != getattr(plain, name)
        }
        return f"{routes.PORTAL}?{urlencode(told)}" if told else routes.PORTAL

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the tab leaves tickets out."""
        return bool(self.q or self.kind or self.priority or self.filed)

    def query(self, requester_id: int, now: datetime, tab: str, zone: tzinfo = UTC) -> TicketQuery:
        """The wish in the core's words, for the tickets behind a tab; days are those of `zone`."""
        _, sort, descending = SORTED[self.sort]
        if self.filed in FILED:
            start, end = now - timedelta(days=FILED[self.filed][1]), None
        else:
            start, end = span_of(self.filed, zone)
        return TicketQuery(
            requester_id=requester_id,
            status=TABS[tab][1],
            kind=frozenset({Kind(self.kind)}) if self.kind else frozenset(),
            priority=frozenset({Priority(self.priority)}) if self.priority else frozenset(),
            created_from=start,
            created_before=end,
            search=self.q,
            sort=sort,
            descending=descending,
        )


def span_of(filed: str, zone: tzinfo = UTC) -> tuple[datetime | None, datetime | None]:
    """The days `2026-01-01..2026-01-31` stand for, the last one included; either may be missing."""
    first, dots, last = filed.partition("..")
    return (_start_of(first, zone), _start_of(last, zone, 1)) if dots else (None, None)


def _start_of(day: str, zone: tzinfo, later: int = 0) -> datetime | None:
    try:
        return start_of(date.fromisoformat(day) + timedelta(days=later), zone)
    except (ValueError, OverflowError):
        return None


def _card(row: Any) -> Card:
    number = ticket_numbers.key(row)
    return Card(
        number=number,
        href=routes.portal_ticket(number),
        title=row.title,
        words=row.last_comment or "",
        status=row.status,
        priority=row.priority,
        kind=row.kind,
        updated_at=moment(row.updated_at),
        comments=row.comments_count,
    )


@dataclass(frozen=True)
class Part:
    """Some of the list and all that stands around it."""

    cards: list[Card]
    cursor: str | None
    counts: dict[str, int]
    filtered: dict[str, int]
    requester_id: int


def _counts(desk: Desk) -> dict[str, int]:
    by_status = ticket_list.count_mine_by_status(desk)
    return {
        tab: sum(n for status, n in by_status.items() if not behind or status in behind)
        for tab, (_, behind) in TABS.items()
    }


def read_part(desk: Desk, wish: Wish, most: int, cursor: str | None = None) -> Part:
    """Up to `most` of the actor's own tickets from a cursor on, with the counts of every tab."""
    mine = desk.actor.id
    cards: list[Card] = []
    query = wish.query(mine, desk.now, wish.tab, desk.zone)
    while len(cards) < most:
        page = ticket_list.page(
            desk, query, Slice(min(most - len(cards), LONGEST_PAGE), cursor=cursor)
        )
        cards += [_card(row) for row in page.rows]
        cursor = page.next
        if cursor is None:
            break
    counts = _counts(desk)
    filtered = counts
    if wish.is_filtered:
        filtered = {
            tab: ticket_list.count(
                desk, wish.query(mine, desk.now, tab, desk.zone), most=MOST_COUNTED
            )
            for tab in TABS
        }
    return Part(cards, cursor, counts, filtered, mine)


def named_by(desk: Desk, text: str) -> str:
    """The address of the actor's own ticket of that number; empty if there is none."""
    ticket_id = ticket_list.named_by(desk, text)
    row = ticket_list.read(desk, ticket_id, "line") if ticket_id else None
    if row is None or row.requester_id != desk.actor.id:
        return ""
    return routes.portal_ticket(ticket_numbers.key(row))


class MyTickets(rx.State):
    """The requester's own tickets, live."""

    cards: list[Card] = []
    tabs: list[Tab] = []
    is_loaded: bool = False
    here: str = routes.PORTAL
    has_more: bool = False
    in_all: int = 0
    open_count: int = 0
    waiting_count: int = 0
    kind: str = ""
    priority: str = ""
    filed: str = ""
    filed_word: str = ""
    sort: str = "updated"
    sort_word: str = SORTED["updated"][0]
    is_filtered: bool = False
    is_between: bool = False
    _cursor: str | None = None
    _wish: Wish = Wish()

    def _show(self, wish: Wish, part: Part) -> None:
        self.cards, self._cursor, self.has_more = part.cards, part.cursor, bool(part.cursor)
        self.in_all = part.counts["all"]
        self.open_count, self.waiting_count = part.counts["open"], part.counts["waiting"]
        self.tabs = [
            Tab(
                word,
                label,
                wish.address(tab=word),
                str(n) if (n := part.filtered[word]) < MOST_COUNTED else f"{MOST_COUNTED - 1:,}+",
                word == wish.tab,
            )
            for word, (label, _) in TABS.items()
        ]

    @bridge.event
    async def load(self) -> None:
        """Show what the address asks for, and stay true to it."""
        wish = Wish.of(self.router.url.query_parameters)
        # Whoever comes back to the same list finds as much of it as they had opened.
        shown = len(self.cards) if wish == self._wish else 0
        self._wish, self.here = wish, wish.address()
        self.kind, self.priority = wish.kind, wish.priority
        self.sort, self.sort_word = wish.sort, SORTED[wish.sort][0]
        self.filed, self.is_filtered = wish.filed, wish.is_filtered
        # Somebody who empties both days is still choosing them.
        self.is_between = ".." in wish.filed or (self.is_between and not wish.filed)
        self.filed_word = FILED[wish.filed][0] if wish.filed in FILED else "Between two days"
        part = await bridge.read(self, read_part, wish, min(max(A_PAGE, shown), MOST_SHOWN))
        self._show(wish, part)
        self.is_loaded = True
        live.watch(self, MyTickets.refresh, {tail.requester_topic(part.requester_id)})

    @bridge.event
    async def refresh(self) -> None:
        """The same part of the list as it is now."""
        most = max(A_PAGE, len(self.cards))
        self._show(self._wish, await bridge.read(self, read_part, self._wish, most))

    @bridge.event
    async def show_more(self) -> None:
        """The next tickets below those shown."""
        if self._cursor is None:
            return
        part = await bridge.read(self, read_part, self._wish, A_PAGE, self._cursor)
        self.cards, self._cursor = [*self.cards, *part.cards], part.cursor
        self.has_more = bool(part.cursor)

    @bridge.event
    async def open_number(self, text: str) -> Any:
        """Open one's own ticket whose number was typed into the search field."""
        href = await bridge.read(self, named_by, text[:200])
        return rx.redirect(href) if href else None

    def _go(self, **changes: str) -> Any:
        wish = self._wish.changed(changes)
        return None if wish == self._wish else rx.redirect(wish.address())

    @bridge.event
    def choose(self, name: str, word: str) -> Any:
        """One filter, or the order, from its menu."""
        self.is_between = self.is_between and name != "filed"
        return self._go(**{name: word})

    @bridge.event
    def ask_between(self) -> None:
        """Show the two days to choose."""
        self.is_between = True

    @bridge.event
    def clear(self) -> Any:
        """Every ticket behind the tab again."""
        self.is_between = False
        return self._go(q="", kind="", priority="", filed="")

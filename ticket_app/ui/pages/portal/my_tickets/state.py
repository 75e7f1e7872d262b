"""The state of the requester's ticket list; tab, search, filters and order are in the address."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final
from urllib.parse import urlencode

import reflex as rx

from ticket_app.core.notifications.notifications import list_unread_tickets
from ticket_app.core.platform import access_policy, ticket_numbers
from ticket_app.core.platform.dates import day_start
from ticket_app.core.platform.paging import MAX_PAGE_SIZE, PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Kind, Priority, Status
from ticket_app.core.tickets import ticket_list, ticket_lookup
from ticket_app.core.tickets.rows import TicketSummaryRow
from ticket_app.core.tickets.ticket_query import SortField, TicketQuery
from ticket_app.core.tickets.views import REQUESTER_VIEWS, RequesterView
from ticket_app.ui import bridge, change_feed, live, routes
from ticket_app.ui.pages.portal import texts
from ticket_app.ui.rows import iso_time

PAGE_SIZE: Final = 20
MAX_SHOWN: Final = 200
MAX_COUNTED: Final = 1_000

TABS: Final[dict[str, tuple[str, frozenset[Status]]]] = {
    str(view): (label, REQUESTER_VIEWS[view])
    for view, label in (
        (RequesterView.ALL, texts.TICKETS_TAB_ALL),
        (RequesterView.OPEN, texts.TICKETS_TAB_OPEN),
        (RequesterView.WAITING, texts.TICKETS_TAB_WAITING),
        (RequesterView.RESOLVED, texts.TICKETS_TAB_RESOLVED),
        (RequesterView.CLOSED, texts.TICKETS_TAB_CLOSED),
    )
}
"""The tabs: label and statuses."""

SORT_OPTIONS: Final[dict[str, tuple[str, SortField, bool]]] = {
    "updated": (texts.TICKETS_SORT_UPDATED, "updated", True),
    "newest": (texts.TICKETS_SORT_NEWEST, "created", True),
    "oldest": (texts.TICKETS_SORT_OLDEST, "created", False),
    "priority": (texts.TICKETS_SORT_PRIORITY, "priority", True),
    "status": (texts.TICKETS_SORT_STATUS, "status", False),
}

CREATED_PERIODS: Final[dict[str, tuple[str, int]]] = {
    "7d": (texts.TICKETS_CREATED_7_DAYS, 7),
    "30d": (texts.TICKETS_CREATED_30_DAYS, 30),
    "90d": (texts.TICKETS_CREATED_90_DAYS, 90),
    "365d": (texts.TICKETS_CREATED_YEAR, 365),
}


OF_COMPANY: Final = "company"
"""The value of `scope` for the tickets of the actor's company."""

FILTER_PARAMETERS: Final = ("scope", "tab", "q", "kind", "priority", "created", "sort")
"""Parameters of the address, in this order."""


@dataclass(frozen=True)
class TicketCard:
    """A ticket in the requester's list."""

    number: str
    href: str
    title: str
    last_comment: str
    status: str
    priority: str
    kind: str
    updated_at: str
    comments: int
    requester: str = ""
    """Who submitted it, in the list of the company."""
    is_unread: bool = False


@dataclass(frozen=True)
class Tab:
    """A tab with its number of tickets and its address."""

    name: str
    label: str
    href: str
    number: str
    is_current: bool


@dataclass(frozen=True)
class TicketFilters:
    """The filters in the address; unknown values are ignored."""

    scope: str = ""
    tab: str = "all"
    q: str = ""
    kind: str = ""
    priority: str = ""
    created: str = ""
    sort: str = "updated"

    @classmethod
    def from_url(cls, params: Mapping[str, str]) -> TicketFilters:
        """Read the filters from the parameters of an address."""
        choices = {
            "scope": (OF_COMPANY,),
            "tab": TABS,
            "kind": tuple(Kind),
            "priority": tuple(Priority),
            "sort": SORT_OPTIONS,
        }
        known_params = {
            name: params[name] for name, words in choices.items() if params.get(name) in words
        }
        created = params.get("created", "")
        if created in CREATED_PERIODS or parse_day_range(created) != (None, None):
            known_params["created"] = created
        return cls(q=params.get("q", "")[:200], **known_params)

    def with_changes(self, changes: dict[str, str]) -> TicketFilters:
        """Return the filters with changed values; invalid values are ignored."""
        return TicketFilters.from_url(
            {name: getattr(self, name) for name in FILTER_PARAMETERS} | changes
        )

    def href(self, **changes: str) -> str:
        """Return the address of the list with changed filters."""
        filters = replace(self, **changes)
        defaults = TicketFilters()
        params = {
            name: value
            for name in FILTER_PARAMETERS
            if (value := getattr(filters, name)) != getattr(defaults, name)
        }
        return f"{routes.PORTAL}?{urlencode(params)}" if params else routes.PORTAL

    @property
    def is_filtered(self) -> bool:
        """Whether anything besides the tab filters the list."""
        return bool(self.q or self.kind or self.priority or self.created)

    def to_query(
        self, requester_id: int, now: datetime, tab: str, zone: tzinfo = UTC
    ) -> TicketQuery:
        """Return the core's query for a tab; days are in `zone`."""
        _, sort, descending = SORT_OPTIONS[self.sort]
        if self.created in CREATED_PERIODS:
            start, end = now - timedelta(days=CREATED_PERIODS[self.created][1]), None
        else:
            start, end = parse_day_range(self.created, zone)
        return TicketQuery(
            requester_id=None if self.scope == OF_COMPANY else requester_id,
            of_company=self.scope == OF_COMPANY,
            status=TABS[tab][1],
            kind=frozenset({Kind(self.kind)}) if self.kind else frozenset(),
            priority=frozenset({Priority(self.priority)}) if self.priority else frozenset(),
            created_from=start,
            created_before=end,
            search=self.q,
            sort=sort,
            descending=descending,
        )


def parse_day_range(created: str, zone: tzinfo = UTC) -> tuple[datetime | None, datetime | None]:
    """Parse a range such as `2026-01-01..2026-01-31`, both days included; either may be missing."""
    first, dots, last = created.partition("..")
    return (_start_of_day(first, zone), _start_of_day(last, zone, 1)) if dots else (None, None)


def _start_of_day(day: str, zone: tzinfo, days_later: int = 0) -> datetime | None:
    try:
        return day_start(date.fromisoformat(day) + timedelta(days=days_later), zone)
    except (ValueError, OverflowError):
        return None


def _ticket_card(row: TicketSummaryRow, scope: str, unread_ids: Collection[int]) -> TicketCard:
    number = ticket_numbers.format_key(row)
    return TicketCard(
        number=number,
        href=routes.portal_ticket(number),
        title=row.title,
        last_comment=row.last_comment or "",
        status=row.status,
        priority=row.priority,
        kind=row.kind,
        updated_at=iso_time(row.updated_at),
        comments=row.comments_count,
        requester=row.requester_name if scope == OF_COMPANY else "",
        is_unread=row.id in unread_ids,
    )


@dataclass(frozen=True)
class TicketListPage:
    """Some of the tickets, with the counts of all tabs."""

    cards: list[TicketCard]
    cursor: str | None
    counts: dict[str, int]
    filtered_counts: dict[str, int]
    topic: str
    """The topic of changes that the list shows."""
    can_read_company: bool
    person_id: int


def _counts(uow: UnitOfWork) -> dict[str, int]:
    by_status = ticket_list.count_own_by_status(uow)
    return {
        tab: sum(n for status, n in by_status.items() if not statuses or status in statuses)
        for tab, (_, statuses) in TABS.items()
    }


def load_tickets(
    uow: UnitOfWork, filters: TicketFilters, limit: int, cursor: str | None = None
) -> TicketListPage:
    """Return up to `limit` tickets of the actor or their company, and the counts of all tabs."""
    requester_id = uow.actor.id
    can_read_company = access_policy.can_read_company_tickets(uow.actor)
    if not can_read_company:
        filters = replace(filters, scope="")
    cards: list[TicketCard] = []
    query = filters.to_query(requester_id, uow.now, filters.tab, uow.time_zone)
    while len(cards) < limit:
        page = ticket_list.page(
            uow, query, PageRequest(min(limit - len(cards), MAX_PAGE_SIZE), cursor=cursor)
        )
        unread_ids = list_unread_tickets(uow, [row.id for row in page.rows])
        cards += [_ticket_card(row, filters.scope, unread_ids) for row in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            break
    counts = _counts(uow)
    filtered = counts
    if filters.is_filtered or filters.scope:
        filtered = {
            tab: ticket_list.count_tickets(
                uow, filters.to_query(requester_id, uow.now, tab, uow.time_zone), limit=MAX_COUNTED
            )
            for tab in TABS
        }
    company_id = uow.actor.shared_company_id
    topic = (
        change_feed.company_topic(company_id)
        if filters.scope and company_id
        else change_feed.requester_topic(requester_id)
    )
    return TicketListPage(cards, cursor, counts, filtered, topic, can_read_company, requester_id)


def find_ticket_href(uow: UnitOfWork, text: str) -> str:
    """Return the address of a ticket of the actor or their company with that number, or ""."""
    ticket_id = ticket_lookup.find_single_match(uow, text)
    row = ticket_lookup.read_ticket(uow, ticket_id, "summary") if ticket_id else None
    if row is None or (row.requester_id != uow.actor.id and uow.actor.is_staff):
        return ""
    return routes.portal_ticket(ticket_numbers.format_key(row))


class MyTickets(rx.State):
    """The requester's own tickets, updated live."""

    cards: list[TicketCard] = []
    tabs: list[Tab] = []
    scope: str = ""
    can_read_company: bool = False
    is_loaded: bool = False
    current_href: str = routes.PORTAL
    has_more: bool = False
    total: int = 0
    open_count: int = 0
    waiting_count: int = 0
    kind: str = ""
    priority: str = ""
    created: str = ""
    created_label: str = ""
    sort: str = "updated"
    sort_label: str = SORT_OPTIONS["updated"][0]
    is_filtered: bool = False
    shows_date_fields: bool = False
    _cursor: str | None = None
    _filters: TicketFilters = TicketFilters()

    def _show_page(self, filters: TicketFilters, page: TicketListPage) -> None:
        self.cards, self._cursor, self.has_more = page.cards, page.cursor, bool(page.cursor)
        self.total = page.counts["all"]
        self.can_read_company = page.can_read_company
        self.scope = filters.scope if page.can_read_company else ""
        self.open_count, self.waiting_count = (
            page.counts[RequesterView.OPEN],
            page.counts[RequesterView.WAITING],
        )
        self.tabs = [
            Tab(
                name,
                label,
                filters.href(tab=name),
                str(n)
                if (n := page.filtered_counts[name]) < MAX_COUNTED
                else f"{MAX_COUNTED - 1:,}+",
                name == filters.tab,
            )
            for name, (label, _) in TABS.items()
        ]

    @bridge.event
    async def load(self) -> None:
        """Load what the address asks for and subscribe to changes."""
        filters = TicketFilters.from_url(self.router.url.query_parameters)
        # Returning to the same list shows as many tickets as before.
        shown = len(self.cards) if filters == self._filters else 0
        self._filters, self.current_href = filters, filters.href()
        self.kind, self.priority = filters.kind, filters.priority
        self.sort, self.sort_label = filters.sort, SORT_OPTIONS[filters.sort][0]
        self.created, self.is_filtered = filters.created, filters.is_filtered
        # A person who clears both dates is still choosing them.
        self.shows_date_fields = ".." in filters.created or (
            self.shows_date_fields and not filters.created
        )
        self.created_label = (
            CREATED_PERIODS[filters.created][0]
            if filters.created in CREATED_PERIODS
            else texts.TICKETS_CREATED_RANGE
        )
        page = await bridge.read(self, load_tickets, filters, min(max(PAGE_SIZE, shown), MAX_SHOWN))
        self._show_page(filters, page)
        self.is_loaded = True
        topics = {page.topic, change_feed.person_topic(page.person_id)}
        live.watch(self, MyTickets.refresh, topics)

    @bridge.event
    async def refresh(self) -> None:
        """Reload the tickets shown."""
        limit = max(PAGE_SIZE, len(self.cards))
        self._show_page(self._filters, await bridge.read(self, load_tickets, self._filters, limit))

    @bridge.event
    async def show_more(self) -> None:
        """Add the next page."""
        if self._cursor is None:
            return
        page = await bridge.read(self, load_tickets, self._filters, PAGE_SIZE, self._cursor)
        self.cards, self._cursor = [*self.cards, *page.cards], page.cursor
        self.has_more = bool(page.cursor)

    @bridge.event
    async def open_by_number(self, text: str) -> bridge.Events:
        """Open the actor's own ticket whose number was entered in the search field."""
        href = await bridge.read(self, find_ticket_href, text[:200])
        return rx.redirect(href) if href else None

    def _redirect(self, **changes: str) -> bridge.Events:
        filters = self._filters.with_changes(changes)
        return None if filters == self._filters else rx.redirect(filters.href())

    @bridge.event
    def filter_by(self, name: str, value: str) -> bridge.Events:
        """Set one filter, or the order."""
        self.shows_date_fields = self.shows_date_fields and name != "created"
        return self._redirect(**{name: value})

    @bridge.event
    def show_date_fields(self) -> None:
        """Show the two date fields."""
        self.shows_date_fields = True

    @bridge.event
    def clear_filters(self) -> bridge.Events:
        """Clear every filter except the tab."""
        self.shows_date_fields = False
        return self._redirect(q="", kind="", priority="", created="")

"""Load pages of the queue and count its views."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ticket_app.core.notifications.notifications import list_unread_tickets
from ticket_app.core.people import directory
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.errors import DomainError, NotFound
from ticket_app.core.platform.paging import MAX_PAGE_SIZE, Page, PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import snoozing, ticket_list, ticket_lookup
from ticket_app.core.tickets.editing import find_row_name
from ticket_app.core.tickets.fields import FIELDS
from ticket_app.core.tickets.rows import TicketSlaRow
from ticket_app.core.tickets.saved_view_queries import with_conditions
from ticket_app.core.tickets.search_filters import apply_search
from ticket_app.core.tickets.search_suggestions import suggest_search
from ticket_app.core.tickets.ticket_list import MAX_COUNT
from ticket_app.core.tickets.ticket_query import TicketQuery
from ticket_app.ui import routes
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.presence import texts as presence_texts
from ticket_app.ui.pages.desk.queue.filters import PAGE_SIZE, WITH_SNOOZED, QueueFilters
from ticket_app.ui.pages.desk.queue.view_conditions import describe_conditions
from ticket_app.ui.pages.desk.queue.views import ME, UNASSIGNED, VIEWS
from ticket_app.ui.rows import QueueRow, iso_time, queue_row


@dataclass(frozen=True)
class QueuePage:
    """One page of the queue."""

    rows: list[QueueRow]
    next_cursor: str
    total: int
    names: dict[str, str]
    """The names of the people and rows that the filters name, by the field."""
    now: str
    person_id: int
    elsewhere: str = ""
    """How many more tickets match the search outside of the view and its filters; empty if none."""
    search_hints: tuple[str, ...] = ()
    """What of the search could not be applied, as sentences."""
    search_suggestions: tuple[str, ...] = ()
    """Searches that complete the operator or value at the end of the search."""
    conditions: tuple[str, ...] = ()
    """The conditions of a saved view that no filter expresses, as sentences."""
    snoozed_count: int = 0
    """How many tickets the view leaves out because the person has snoozed them."""


def _with_search(uow: UnitOfWork, query: TicketQuery) -> TicketQuery:
    return apply_search(uow, query).query if query.search else query


def build_query(uow: UnitOfWork, filters: QueueFilters) -> tuple[TicketQuery, dict[str, str]]:
    """Return the query behind the filters, and the names of the people they choose, by field.

    The search is not read for operators yet (`apply_search`).
    """
    people = {
        name: directory.find_person_by_username(uow, username)
        for name, username in (("assignee", filters.assignee), ("requester", filters.requester))
        if username not in ("", ME, UNASSIGNED)
    }
    ids = {name: person.id for name, person in people.items() if person}
    query = filters.to_query(
        now=uow.now,
        actor_id=uow.actor.id,
        zone=uow.time_zone,
        assignee_id=ids.get("assignee"),
        requester_id=ids.get("requester"),
    )
    if filters.view_id:
        query = with_conditions(uow, query, filters.conditions)
        query = replace(query, not_snoozed=WITH_SNOOZED not in filters.facts)
    words = {ME: texts.DESK_ME, UNASSIGNED: texts.DESK_UNASSIGNED, "": ""}
    return query, {
        "assignee": words.get(filters.assignee, filters.assignee),
        "requester": filters.requester,
        **{name: person.full_name for name, person in people.items() if person},
    }


def _reference_names(uow: UnitOfWork, filters: QueueFilters) -> dict[str, str]:
    """Return the names of the filters' rows by field; of one that no longer exists, its id."""
    return {
        name: (find_row_name(uow, FIELDS[name], row_id) or str(row_id))
        for name, row_id in filters.references.items()
    }


def load_queue(uow: UnitOfWork, filters: QueueFilters) -> QueuePage:
    """Return the page that the filters name; the first page if the cursor is not valid for it."""
    uow.actor.require("work_tickets", "work on tickets")
    query, names = build_query(uow, filters)
    applied = apply_search(uow, query)
    query = applied.query
    found = _load_page(uow, query, filters.after)
    is_whole_list = not filters.after and not found.has_more
    total = (
        len(found.rows)
        if is_whole_list
        else ticket_list.count_tickets(uow, query, limit=MAX_COUNT + 1)
    )
    unread_ids = list_unread_tickets(uow, [row.id for row in found.rows])
    replied = describe_repliers(uow, found.rows)
    return QueuePage(
        rows=[queue_row(row, uow.now, unread_ids, replied) for row in found.rows],
        next_cursor=found.next_cursor or "",
        total=total,
        names={**names, **_reference_names(uow, filters)},
        now=iso_time(uow.now),
        person_id=uow.actor.id,
        elsewhere=_count_elsewhere(uow, filters, total) if filters.is_narrowed_search else "",
        search_hints=applied.hints,
        search_suggestions=tuple(suggest_search(uow, filters.search)),
        conditions=tuple(describe_conditions(uow, filters)),
        snoozed_count=_count_snoozed(uow, query),
    )


MAX_BULK_TICKETS: Final = 250
"""The most tickets that are selected and changed in one transaction."""


def load_rows_for_bulk(uow: UnitOfWork, filters: QueueFilters) -> list[QueueRow]:
    """Return the first tickets of a view, up to `MAX_BULK_TICKETS`."""
    uow.actor.require("work_tickets", "work on tickets")
    query = _with_search(uow, build_query(uow, filters)[0])
    rows: list[QueueRow] = []
    cursor: str | None = None
    while len(rows) < MAX_BULK_TICKETS:
        size = min(MAX_BULK_TICKETS - len(rows), MAX_PAGE_SIZE)
        found = ticket_list.page(uow, query, PageRequest(size, cursor=cursor), "summary_with_sla")
        unread_ids = list_unread_tickets(uow, [row.id for row in found.rows])
        replied = describe_repliers(uow, found.rows)
        rows += [queue_row(row, uow.now, unread_ids, replied) for row in found.rows]
        cursor = found.next_cursor
        if cursor is None:
            break
    return rows


def describe_repliers(uow: UnitOfWork, rows: Sequence[TicketSlaRow]) -> dict[int, str]:
    """Return "Uma replied" for each author of a last comment, by their id, in one query."""
    ids = {row.last_comment_by_id for row in rows if row.last_comment_by_id and row.last_comment}
    names = directory.get_names(uow, ids - {uow.actor.id})
    replied = {person_id: presence_texts.replied(name) for person_id, name in names.items()}
    return {**replied, uow.actor.id: presence_texts.YOU_REPLIED}


def _count_snoozed(uow: UnitOfWork, query: TicketQuery) -> int:
    if not query.not_snoozed or not snoozing.has_snoozed_tickets(uow):
        return 0
    return ticket_list.count_tickets(
        uow, replace(query, not_snoozed=False, snoozed=True), limit=MAX_COUNT
    )


def _count_elsewhere(uow: UnitOfWork, filters: QueueFilters, total: int) -> str:
    query = _with_search(uow, TicketQuery(search=filters.search))
    everywhere = ticket_list.count_tickets(uow, query, limit=MAX_COUNT + 1)
    more = everywhere - total
    return f"{more:,}{'+' if everywhere > MAX_COUNT else ''}" if more > 0 else ""


def find_ticket_href(uow: UnitOfWork, text: str) -> str:
    """Return the link to the ticket with this number; empty if there is none."""
    ticket_id = ticket_lookup.find_single_match(uow, text)
    if ticket_id is None:
        return ""
    return routes.desk_ticket(
        ticket_numbers.format_key(ticket_lookup.read_ticket(uow, ticket_id, "summary"))
    )


def _load_page(uow: UnitOfWork, query: TicketQuery, after: str) -> Page:
    try:
        return ticket_list.page(
            uow, query, PageRequest(PAGE_SIZE, cursor=after or None), "summary_with_sla"
        )
    except DomainError:
        return ticket_list.page(uow, query, PageRequest(PAGE_SIZE), "summary_with_sla")


def refresh_rows(
    uow: UnitOfWork, filters: QueueFilters, shown: Sequence[int]
) -> tuple[list[QueueRow], list[int]]:
    """Return the shown rows as they are now, and the ids of new tickets."""
    query = _with_search(uow, build_query(uow, filters)[0])
    found = _load_page(uow, query, filters.after).rows
    unread_ids = list_unread_tickets(uow, [*shown, *(row.id for row in found)])
    replied = describe_repliers(uow, found)
    fresh = {row.id: queue_row(row, uow.now, unread_ids, replied) for row in found}
    rows = [fresh.get(row_id) or load_row(uow, row_id, unread_ids) for row_id in shown]
    new_ids = [] if filters.after else [row_id for row_id in fresh if row_id not in set(shown)]
    return [row for row in rows if row is not None], new_ids


def load_row(
    uow: UnitOfWork, ticket_id: int, unread_ids: Collection[int] = frozenset()
) -> QueueRow | None:
    try:
        row = ticket_lookup.read_ticket(uow, ticket_id, "summary_with_sla")
        return queue_row(row, uow.now, unread_ids, describe_repliers(uow, [row]))
    except NotFound:
        return None


def count_views(uow: UnitOfWork) -> dict[str, str]:
    """Return the number of tickets in each view, at most "1,000+"."""
    uow.actor.require("work_tickets", "work on tickets")
    return {
        name: format_count(
            ticket_list.count_tickets(
                uow,
                QueueFilters.from_url(name, {}).to_query(
                    now=uow.now, actor_id=uow.actor.id, zone=uow.time_zone
                ),
                limit=MAX_COUNT + 1,
            )
        )
        for name in VIEWS
    }


def select_more_label(total: str, number: int, shown: int) -> str:
    """Return the label of the button that selects beyond the page; "" if nothing follows."""
    if number <= shown:
        return ""
    if number <= MAX_BULK_TICKETS:
        return texts.queue_select_all(total)
    return texts.queue_select_first(MAX_BULK_TICKETS, total)


def format_count(number: int) -> str:
    """Return a count as it is shown."""
    return f"{number:,}" if number <= MAX_COUNT else f"{MAX_COUNT:,}+"

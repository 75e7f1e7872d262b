"""What the desk's pages do in one unit of work: load a list, change several tickets, undo it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ticket_app.core.people import directory
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.errors import DeskError, NotFound
from ticket_app.core.platform.paging import LONGEST_PAGE, Page, Slice
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Priority, Status
from ticket_app.core.tickets import bulk, ticket_list, tickets
from ticket_app.core.tickets.bulk import Outcome, Seen
from ticket_app.core.tickets.ticket_list import COUNT_CAP, TicketQuery
from ticket_app.core.tickets.undo import Step
from ticket_app.ui import routes, theme
from ticket_app.ui.pages.desk.views import ME, NOBODY, PAGE, VIEWS, Asked
from ticket_app.ui.rows import QueueRow, moment, queue_row


@dataclass(frozen=True)
class Listed:
    """One page of the queue, ready to be shown."""

    rows: list[QueueRow]
    next: str
    total: int
    company: str
    assignee: str
    department: str
    team: str
    now: str
    elsewhere: str = ""
    """How many more tickets match the search outside of the view and its filters; empty if none."""


def _asked_query(desk: Desk, asked: Asked) -> tuple[TicketQuery, str]:
    person = None
    if asked.assignee not in ("", ME, NOBODY):
        person = directory.person_called(desk, asked.assignee)
    query = asked.query(
        now=desk.now,
        me=desk.actor.id,
        zone=desk.zone,
        assignee_id=person.id if person else None,
    )
    words = {ME: "Me", NOBODY: "Nobody", "": ""}
    return query, person.full_name if person else words.get(asked.assignee, asked.assignee)


def load_list(desk: Desk, asked: Asked) -> Listed:
    """The page of the queue an address asks for; the first one if its cursor is of another list."""
    desk.actor.must("work_tickets", "work on the desk")
    query, assignee = _asked_query(desk, asked)
    found = _page(desk, query, asked.after)
    company = directory.company(desk, asked.company) if asked.company else None
    short = not asked.after and not found.has_more
    total = len(found.rows) if short else ticket_list.count(desk, query, most=COUNT_CAP + 1)
    return Listed(
        rows=[queue_row(row, desk.now) for row in found.rows],
        next=found.next or "",
        total=total,
        company=company.name if company else "",
        assignee=assignee,
        department=_named(directory.departments, desk, asked.department),
        team=_named(directory.teams, desk, asked.team),
        now=moment(desk.now),
        elsewhere=_elsewhere(desk, asked, total) if asked.narrows_search else "",
    )


MOST_AT_ONCE: Final = 250
"""Tickets that are selected, and changed in one transaction, at once."""


def load_whole(desk: Desk, asked: Asked) -> list[QueueRow]:
    """The tickets of a list from its first page on, as many as may be changed at once."""
    desk.actor.must("work_tickets", "work on the desk")
    query, _ = _asked_query(desk, asked)
    rows: list[QueueRow] = []
    cursor: str | None = None
    while len(rows) < MOST_AT_ONCE:
        size = min(MOST_AT_ONCE - len(rows), LONGEST_PAGE)
        found = ticket_list.page(desk, query, Slice(size, cursor=cursor), "promises")
        rows += [queue_row(row, desk.now) for row in found.rows]
        cursor = found.next
        if cursor is None:
            break
    return rows


def _named(rows: Callable[[Desk], Sequence[Any]], desk: Desk, row_id: int | None) -> str:
    """The name behind an id; the id itself if nothing has it any more."""
    if row_id is None:
        return ""
    return next((row.name for row in rows(desk) if row.id == row_id), str(row_id))


def _elsewhere(desk: Desk, asked: Asked, total: int) -> str:
    everywhere = ticket_list.count(desk, TicketQuery(search=asked.search), most=COUNT_CAP + 1)
    more = everywhere - total
    return f"{more:,}{'+' if everywhere > COUNT_CAP else ''}" if more > 0 else ""


def named_by(desk: Desk, text: str) -> str:
    """The address of the ticket that the text is a number of; empty if there is none."""
    ticket_id = ticket_list.named_by(desk, text)
    if ticket_id is None:
        return ""
    return routes.desk_ticket(ticket_numbers.key(ticket_list.read(desk, ticket_id, "line")))


def _page(desk: Desk, query: TicketQuery, after: str) -> Page:
    try:
        return ticket_list.page(desk, query, Slice(PAGE, cursor=after or None), "promises")
    except DeskError:
        return ticket_list.page(desk, query, Slice(PAGE), "promises")


def look_again(desk: Desk, asked: Asked, shown: Sequence[int]) -> tuple[list[QueueRow], list[int]]:
    """The rows as they stand now, each at its place, and the ids of tickets that have come up."""
    query, _ = _asked_query(desk, asked)
    fresh = {row.id: queue_row(row, desk.now) for row in _page(desk, query, asked.after).rows}
    rows = [fresh.get(row_id) or _row(desk, row_id) for row_id in shown]
    news = [] if asked.after else [row_id for row_id in fresh if row_id not in set(shown)]
    return [row for row in rows if row is not None], news


def _row(desk: Desk, ticket_id: int) -> QueueRow | None:
    try:
        return queue_row(ticket_list.read(desk, ticket_id, "promises"), desk.now)
    except NotFound:
        return None


def counted(desk: Desk) -> dict[str, str]:
    """How many tickets each view holds, as the rail shows it: up to "1,000+"."""
    desk.actor.must("work_tickets", "work on the desk")
    return {
        name: capped(
            ticket_list.count(
                desk,
                Asked.read(name, {}).query(now=desk.now, me=desk.actor.id, zone=desk.zone),
                most=COUNT_CAP + 1,
            )
        )
        for name in VIEWS
    }


def more_words(total: str, number: int, shown: int) -> str:
    """What the button that selects beyond the page says; "" if the page shows all."""
    if number <= shown:
        return ""
    if number <= MOST_AT_ONCE:
        return f"Select all {total} in this view"
    return f"Select the first {MOST_AT_ONCE} of {total} in this view"


def capped(number: int) -> str:
    """A count as it is shown."""
    return f"{number:,}" if number <= COUNT_CAP else f"{COUNT_CAP:,}+"


@dataclass(frozen=True)
class Changed:
    """What became of a change of several tickets, and how their rows read now."""

    steps: list[Step]
    rows: list[QueueRow]
    numbers: list[str]
    refused: list[str]


def _changed(desk: Desk, done: Outcome, ids: Iterable[int]) -> Changed:
    rows = [row for ticket_id in ids if (row := _row(desk, ticket_id))]
    return Changed(done.steps, rows, done.numbers, done.refused)


def _status(desk: Desk, ticket: Any, value: str) -> None:
    tickets.change_status(desk, ticket, Status(value))


def _priority(desk: Desk, ticket: Any, value: str) -> None:
    tickets.edit(desk, ticket, {"priority": Priority(value)})


def _assignee(desk: Desk, ticket: Any, value: str) -> None:
    tickets.assign(desk, ticket, desk.actor.id if value == ME else int(value) if value else None)


CHANGES = {"status": _status, "priority": _priority, "assignee": _assignee}


def change(desk: Desk, what: str, value: str, seen: Mapping[int, Seen]) -> Changed:
    """Give several tickets a status, a priority or an assignee.

    `seen` maps the id of each ticket to what the person saw of it. A ticket that has changed since,
    or that refuses, stays as it is; the others are changed. An assignee is an id, "" or "me".
    """
    done = bulk.change_each(desk, seen, lambda desk, ticket: CHANGES[what](desk, ticket, value))
    return _changed(desk, done, seen)


@dataclass(frozen=True)
class Done:
    """What was done to one ticket: how to undo it, and the ticket's version afterwards."""

    step: Step | None
    version: int
    assignee: str


def change_one(desk: Desk, ticket_id: int, seen: Seen, act: Callable[[Desk, Any], Any]) -> Done:
    """Do something to a ticket that still is as it was seen. Raises what the core refuses."""
    ticket, step = bulk.change_one(desk, ticket_id, seen, act)
    now = ticket_list.read(desk, ticket_id) if ticket.deleted_at is None else None
    return Done(step, ticket.version, (now and now.assignee_name) or "")


def edit_one(desk: Desk, ticket_id: int, act: Callable[[Desk, Any], Any]) -> Done:
    """Do something to a ticket that compares for itself what it replaces."""
    ticket = tickets.hold(desk, ticket_id)
    return change_one(desk, ticket_id, Seen(ticket.version, ticket.assignee_id), act)


def put_back(desk: Desk, steps: Sequence[Step]) -> Changed:
    """Undo an action: each ticket as it was before it, unless it has been changed again since."""
    done = bulk.undo_each(desk, steps)
    return _changed(desk, done, dict.fromkeys(step.ticket_id for step in steps))


DONE_WORDS: Final = {"resolved": "resolved", "closed": "closed", "reopened": "reopened"}
"""Statuses whose toast reads as a verb; any other one is "set to"."""


def told(what: str, value: str, numbers: Sequence[str], name: str = "") -> str:
    """The toast of a change: "BUG-15 resolved", "3 tickets set to High priority"."""
    return f"{named(numbers)} {did(what, value, name)}"


def did(what: str, value: str, name: str = "") -> str:
    """What was done to a ticket, after its number; `name` is the new assignee's."""
    if what == "status":
        return DONE_WORDS.get(value) or f"set to {theme.STATUS[value].word}"
    if what == "priority":
        return f"set to {theme.PRIORITY[value].word} priority"
    return f"assigned to {name}" if value else "unassigned"


def named(numbers: Sequence[str]) -> str:
    """What a toast calls these tickets: "BUG-15", or "3 tickets"."""
    return numbers[0] if len(numbers) == 1 else f"{len(numbers)} tickets"


def delete(desk: Desk, seen: Mapping[int, Seen]) -> Changed:
    """Move tickets to the trash, those that still are as they were seen."""
    return _changed(desk, bulk.change_each(desk, seen, tickets.delete_ticket), ())


def take_out(desk: Desk, ticket_id: int) -> None:
    """Take back one's own deletion."""
    tickets.undo_delete(desk, ticket_id)

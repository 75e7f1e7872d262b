"""Undo: after any action and its undo the ticket, and all that counts or finds it, is as before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.cast import MORNING, Cast, Clock, DeskFor
from tests.core.conftest import FileTicket
from ticket_app.core.conversation import commenting
from ticket_app.core.people import customers
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.errors import Conflict, Forbidden, NotFound
from ticket_app.core.platform.paging import Slice
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Kind, Priority, Status
from ticket_app.core.sla import tracking as sla_tracking
from ticket_app.core.sla.policies import add_policy
from ticket_app.core.tickets import bulk, merging, ticket_list, tickets, undo
from ticket_app.core.tickets.bulk import Seen
from ticket_app.core.tickets.ticket_list import TicketQuery
from ticket_app.core.timeline import timeline
from ticket_app.tables import (
    Department,
    Person,
    Team,
    Ticket,
    tally_table,
    ticket_table,
    ticket_tag_table,
    ticket_text_table,
)


@dataclass
class Places:
    """What a ticket can be given to."""

    company: int
    department: int
    team: int
    member: int


@pytest.fixture
def places(desk_for: DeskFor, cast: Cast) -> Places:
    with desk_for(cast.admin) as desk:
        add_policy(desk, "Standard", calendar_id=None, respond_minutes=60, resolve_minutes=480)
        add_policy(
            desk,
            "Urgent",
            rank=1,
            priorities=(Priority.URGENT,),
            respond_minutes=5,
            resolve_minutes=30,
        )
        company = customers.add_company(desk, "Harbour")
        team, department = (
            Team(name="Lights", created_at=MORNING),
            Department(name="Night", created_at=MORNING),
        )
        desk.session.add_all([team, department])
        desk.settle()
        member = desk.session.get_one(Person, cast.manager.id)
        member.team_id = team.id
        assert company.id
        assert team.id
        assert department.id
        return Places(company.id, department.id, team.id, cast.manager.id)


Act = Callable[[Desk, Ticket, Places], Any]


def _edit(**changes: Any) -> Act:
    return lambda desk, ticket, _: tickets.edit(desk, ticket, changes)


def _status(status: Status) -> Act:
    return lambda desk, ticket, _: tickets.change_status(desk, ticket, status)


ACTIONS: dict[str, Act] = {
    **{
        f"status to {status}": _status(status)
        for status in Status
        if status not in (Status.PENDING_APPROVAL, Status.DUPLICATE)
    },
    "duplicate of another": lambda desk, ticket, _: tickets.mark_duplicate(desk, ticket, 1),
    "assign to someone in a team": lambda d, t, p: tickets.assign(d, t, p.member),
    "unassign": lambda d, t, _: tickets.assign(d, t, None),
    "team": lambda d, t, p: tickets.set_team(d, t, p.team),
    "company": lambda d, t, p: tickets.set_company(d, t, p.company),
    "no company": lambda d, t, _: tickets.set_company(d, t, None),
    "department": lambda d, t, p: tickets.set_department(d, t, p.department),
    "priority": _edit(priority=Priority.URGENT),
    "kind": _edit(kind=Kind.BUG),
    "severity": _edit(severity="critical"),
    "due date": _edit(due_at=MORNING + timedelta(days=3)),
    "no due date": _edit(due_at=None),
    "title": _edit(title="A new title"),
    "tags": _edit(tags=["harbour", "fog"]),
    "no tags": _edit(tags=[]),
    "section": _edit(section="Lens"),
    "feedback": _edit(admin_feedback="Soon"),
    "internal notes": _edit(internal_notes="Ask Kim"),
    "delete": lambda d, t, _: tickets.delete_ticket(d, t),
}


def _assigned(desk: Desk, ticket: Ticket, places: Places) -> None:
    tickets.assign(desk, ticket, desk.actor.id)


def _waiting(desk: Desk, ticket: Ticket, places: Places) -> None:
    _assigned(desk, ticket, places)
    tickets.change_status(desk, ticket, Status.PENDING_USER)


def _closed(desk: Desk, ticket: Ticket, places: Places) -> None:
    _assigned(desk, ticket, places)
    tickets.change_status(desk, ticket, Status.CLOSED)


def _reopened(desk: Desk, ticket: Ticket, places: Places) -> None:
    _closed(desk, ticket, places)
    tickets.reopen(desk, ticket)


def _duplicate(desk: Desk, ticket: Ticket, _: Places) -> None:
    tickets.mark_duplicate(desk, ticket, 1)


STARTS: dict[str, Act] = {
    "new": lambda *_: None,
    "assigned": _assigned,
    "waiting": _waiting,
    "closed": _closed,
    "reopened": _reopened,
    "a duplicate": _duplicate,
}


def whole(desk: Desk, ticket_id: int) -> dict[str, Any]:
    """Everything stored about a ticket: its row, its counters, its tags, its search text."""
    desk.settle()
    row = (
        desk.db.execute(select(ticket_table).where(ticket_table.c.id == ticket_id)).one()._asdict()
    )
    for name in undo.STAYS:
        del row[name]
    cells = desk.db.execute(select(tally_table).where(tally_table.c.tickets > 0)).all()
    tags = desk.db.execute(
        select(ticket_tag_table.c.tag_id).where(ticket_tag_table.c.ticket_id == ticket_id)
    ).scalars()
    words = desk.db.execute(
        select(ticket_text_table).where(ticket_text_table.c.ticket_id == ticket_id)
    ).one()
    return {
        "row": row,
        "counters": sorted(map(tuple, cells)),
        "tags": sorted(tags),
        "search": [" ".join(str(part).split()) for part in words],
        "listed": [
            row.id for row in ticket_list.page(desk, TicketQuery(search="lamp"), Slice(9)).rows
        ],
    }


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("action", ACTIONS)
def test_undo_restores_the_whole_ticket(
    start: str,
    action: str,
    desk_for: DeskFor,
    cast: Cast,
    clock: Clock,
    places: Places,
    file_ticket: FileTicket,
) -> None:
    file_ticket()
    ticket_id = file_ticket(tags=["lens"], due_at=MORNING + timedelta(days=1))
    clock.forward(minutes=7, seconds=3.25)
    with desk_for(cast.agent) as desk:
        STARTS[start](desk, tickets.hold(desk, ticket_id), places)
    clock.forward(minutes=11)
    with desk_for(cast.agent) as desk:
        before = whole(desk, ticket_id)
        version = tickets.hold(desk, ticket_id).version
        done = bulk.change_each(
            desk, {ticket_id: Seen(version)}, lambda d, t: ACTIONS[action](d, t, places)
        )
        assert done.refused == []
        changed = whole(desk, ticket_id)
    clock.forward(minutes=2)
    with desk_for(cast.agent) as desk:
        if not done.steps:
            assert changed == before
            return
        assert changed != before
        entries = len(timeline.lines(desk, ticket_id))
        assert bulk.undo_each(desk, done.steps).refused == []
        assert whole(desk, ticket_id) == before
        assert tickets.hold(desk, ticket_id).version > version
        assert len(timeline.lines(desk, ticket_id)) > entries


def test_undo_of_many_restores_each_and_the_counters(
    desk_for: DeskFor, cast: Cast, places: Places, file_ticket: FileTicket
) -> None:
    ids = [file_ticket(priority=one) for one in Priority]
    with desk_for(cast.agent) as desk:
        before = [whole(desk, one) for one in ids]
        for act in ("assign to someone in a team", "priority", "status to resolved", "delete"):
            seen = {one: Seen(tickets.hold(desk, one).version) for one in ids}
            done = bulk.change_each(desk, seen, lambda d, t, act=act: ACTIONS[act](d, t, places))
            assert (len(done.numbers), done.refused) == (len(ids), [])
            assert bulk.undo_each(desk, done.steps).refused == []
            assert [whole(desk, one) for one in ids] == before


def test_undo_of_a_merge_restores_the_source_and_the_target(
    desk_for: DeskFor, cast: Cast, clock: Clock, places: Places, file_ticket: FileTicket
) -> None:
    target, source = file_ticket(tags=["lens"]), file_ticket(tags=["fog"])
    with desk_for(cast.agent) as desk:
        commenting.comment(desk, tickets.hold(desk, source), "We look into it.")
    clock.forward(minutes=5, seconds=1.5)
    with desk_for(cast.agent) as desk:
        before = [whole(desk, one) for one in (target, source)]
        merging.merge(desk, source, target)
    clock.forward(minutes=3)
    with desk_for(cast.agent) as desk:
        assert whole(desk, source) != before[1]
        merging.unmerge(desk, source)
        for one, was in zip((target, source), before, strict=True):
            now = whole(desk, one)
            assert {name: now["row"][name] for name in was["row"]} == was["row"]
            assert now == was


def test_an_sla_target_missed_while_undone_is_recorded_once_undone(
    desk_for: DeskFor, cast: Cast, clock: Clock, places: Places, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with desk_for(cast.agent) as desk:
        ticket = tickets.hold(desk, ticket_id)
        due = ticket.respond_by
        seen = {ticket_id: Seen(ticket.version)}
        done = bulk.change_each(desk, seen, lambda d, t: _status(Status.RESOLVED)(d, t, places))
    clock.forward(hours=2)
    with desk_for(cast.agent) as desk:
        bulk.undo_each(desk, done.steps)
        assert tickets.hold(desk, ticket_id).first_response_breached_at == due


def test_undo_keeps_what_the_sla_job_recorded_since(
    desk_for: DeskFor, cast: Cast, clock: Clock, places: Places, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with desk_for(cast.agent) as desk:
        seen = {ticket_id: Seen(tickets.hold(desk, ticket_id).version)}
        done = bulk.change_each(desk, seen, lambda d, t: ACTIONS["priority"](d, t, places))
    clock.forward(minutes=20)
    with desk_for(None) as desk:
        assert sla_tracking.look(desk) == 1
    with desk_for(cast.agent) as desk:
        assert bulk.undo_each(desk, done.steps).refused == []
        ticket = tickets.hold(desk, ticket_id)
        assert (ticket.priority, ticket.priority_rank) == ("medium", Priority.MEDIUM.rank)
        assert ticket.first_response_breached_at == MORNING + timedelta(minutes=5)
        assert ticket.resolve_by == MORNING + timedelta(hours=8)


def test_undo_is_refused_once_the_ticket_has_been_changed_again(
    desk_for: DeskFor, cast: Cast, places: Places, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with desk_for(cast.agent) as desk:
        seen = {ticket_id: Seen(tickets.hold(desk, ticket_id).version)}
        done = bulk.change_each(desk, seen, lambda d, t: _status(Status.RESOLVED)(d, t, places))
    with desk_for(cast.manager) as desk:
        ticket = tickets.hold(desk, ticket_id)
        tickets.change_status(desk, ticket, Status.CLOSED)
        key = ticket_numbers.key(ticket)
    with desk_for(cast.agent) as desk:
        with pytest.raises(Conflict, match=f"{key} has been changed again since"):
            undo.apply(desk, done.steps[0])
        assert tickets.hold(desk, ticket_id).status == Status.CLOSED


def test_a_reply_since_does_not_stand_in_the_way_of_undo(
    desk_for: DeskFor, cast: Cast, places: Places, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with desk_for(cast.agent) as desk:
        seen = {ticket_id: Seen(tickets.hold(desk, ticket_id).version)}
        done = bulk.change_each(desk, seen, lambda d, t: ACTIONS["priority"](d, t, places))
    with desk_for(cast.owner) as desk:
        commenting.comment(desk, tickets.hold(desk, ticket_id), "Any news?")
    with desk_for(cast.agent) as desk:
        ticket = undo.apply(desk, done.steps[0])
        assert (ticket.priority, ticket.comments_count) == ("medium", 1)


def test_undo_asks_for_the_permissions_of_the_change(
    desk_for: DeskFor, cast: Cast, places: Places, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with desk_for(cast.agent) as desk:
        seen = {ticket_id: Seen(tickets.hold(desk, ticket_id).version)}
        done = bulk.change_each(desk, seen, lambda d, t: ACTIONS["priority"](d, t, places))
    with desk_for(cast.owner) as desk, pytest.raises(Forbidden):
        undo.apply(desk, done.steps[0])
    with desk_for(cast.stranger) as desk, pytest.raises(NotFound):
        undo.apply(desk, done.steps[0])


def test_a_change_of_a_ticket_that_has_moved_on_is_refused(
    desk_for: DeskFor, cast: Cast, places: Places, file_ticket: FileTicket
) -> None:
    moved, still = file_ticket(), file_ticket()
    with desk_for(cast.agent) as desk:
        seen = {one: Seen(tickets.hold(desk, one).version) for one in (moved, still)}
    with desk_for(cast.owner) as desk:
        commenting.comment(desk, tickets.hold(desk, moved), "It works again.")
    with desk_for(cast.agent) as desk:
        done = bulk.change_each(desk, seen, lambda d, t: _status(Status.CLOSED)(d, t, places))
        assert done.refused == ["SUP-1 has changed since you last saw it. Nothing was changed."]
        assert done.numbers == ["SUP-2"]
        assert tickets.hold(desk, moved).status == Status.NEW

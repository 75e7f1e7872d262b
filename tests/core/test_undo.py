"""Undo: after any action and its undo the ticket, and all that counts or finds it, is as before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.cast import MORNING, Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.conversation import commenting
from ticket_app.core.people import customers
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.errors import Conflict, Forbidden, NotFound, RuleViolation
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Kind, Priority, Status
from ticket_app.core.sla import tracking as sla_tracking
from ticket_app.core.sla.policies import create_policy
from ticket_app.core.tickets import (
    assigning,
    bulk,
    editing,
    locking,
    merging,
    status_changes,
    ticket_list,
    trash,
    undo,
)
from ticket_app.core.tickets.bulk import ExpectedState
from ticket_app.core.tickets.ticket_query import TicketQuery
from ticket_app.core.timeline import timeline
from ticket_app.tables import (
    Department,
    Person,
    Team,
    Ticket,
    ticket_count_table,
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
def places(uow_for: UowFor, cast: Cast) -> Places:
    with uow_for(cast.admin) as uow:
        create_policy(uow, "Standard", calendar_id=None, respond_minutes=60, resolve_minutes=480)
        create_policy(
            uow,
            "Urgent",
            rank=1,
            priorities=(Priority.URGENT,),
            respond_minutes=5,
            resolve_minutes=30,
        )
        company = customers.add_company(uow, "Harbour")
        team, department = (
            Team(name="Lights", created_at=MORNING),
            Department(name="Night", created_at=MORNING),
        )
        uow.session.add_all([team, department])
        uow.flush()
        member = uow.session.get_one(Person, cast.manager.id)
        member.team_id = team.id
        assert company.id
        assert team.id
        assert department.id
        return Places(company.id, department.id, team.id, cast.manager.id)


Act = Callable[[UnitOfWork, Ticket, Places], Any]


def _edit(**changes: Any) -> Act:
    return lambda uow, ticket, _: editing.edit(uow, ticket, changes)


def _status(status: Status) -> Act:
    return lambda uow, ticket, _: status_changes.change_status(uow, ticket, status)


ACTIONS: dict[str, Act] = {
    **{
        f"status to {status}": _status(status)
        for status in Status
        if status not in (Status.PENDING_APPROVAL, Status.DUPLICATE)
    },
    "duplicate of another": lambda uow, ticket, _: status_changes.mark_duplicate(uow, ticket, 1),
    "assign to someone in a team": lambda d, t, p: assigning.assign(d, t, p.member),
    "unassign": lambda d, t, _: assigning.assign(d, t, None),
    "team": lambda d, t, p: assigning.set_team(d, t, p.team),
    "company": lambda d, t, p: editing.set_company(d, t, p.company),
    "no company": lambda d, t, _: editing.set_company(d, t, None),
    "department": lambda d, t, p: editing.set_department(d, t, p.department),
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
    "delete": lambda d, t, _: trash.delete_ticket(d, t),
}


def _assigned(uow: UnitOfWork, ticket: Ticket, places: Places) -> None:
    assigning.assign(uow, ticket, uow.actor.id)


def _waiting(uow: UnitOfWork, ticket: Ticket, places: Places) -> None:
    _assigned(uow, ticket, places)
    status_changes.change_status(uow, ticket, Status.PENDING_USER)


def _closed(uow: UnitOfWork, ticket: Ticket, places: Places) -> None:
    _assigned(uow, ticket, places)
    status_changes.change_status(uow, ticket, Status.CLOSED)


def _reopened(uow: UnitOfWork, ticket: Ticket, places: Places) -> None:
    _closed(uow, ticket, places)
    status_changes.reopen(uow, ticket)


def _duplicate(uow: UnitOfWork, ticket: Ticket, _: Places) -> None:
    status_changes.mark_duplicate(uow, ticket, 1)


STARTS: dict[str, Act] = {
    "new": lambda *_: None,
    "assigned": _assigned,
    "waiting": _waiting,
    "closed": _closed,
    "reopened": _reopened,
    "a duplicate": _duplicate,
}


def whole(uow: UnitOfWork, ticket_id: int) -> dict[str, Any]:
    """Everything stored about a ticket: its row, its counters, its tags, its search text."""
    uow.flush()
    row = (
        uow.connection.execute(select(ticket_table).where(ticket_table.c.id == ticket_id))
        .one()
        ._asdict()
    )
    for name in undo.NOT_RESTORED_COLUMNS:
        del row[name]
    buckets = uow.connection.execute(
        select(ticket_count_table).where(ticket_count_table.c.tickets > 0)
    ).all()
    tags = uow.connection.execute(
        select(ticket_tag_table.c.tag_id).where(ticket_tag_table.c.ticket_id == ticket_id)
    ).scalars()
    words = uow.connection.execute(
        select(ticket_text_table).where(ticket_text_table.c.ticket_id == ticket_id)
    ).one()
    return {
        "row": row,
        "counters": sorted(map(tuple, buckets)),
        "tags": sorted(tags),
        "search": [" ".join(str(part).split()) for part in words],
        "listed": [
            row.id for row in ticket_list.page(uow, TicketQuery(search="lamp"), PageRequest(9)).rows
        ],
    }


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("action", ACTIONS)
def test_undo_restores_the_whole_ticket(
    start: str,
    action: str,
    uow_for: UowFor,
    cast: Cast,
    clock: Clock,
    places: Places,
    file_ticket: FileTicket,
) -> None:
    file_ticket()
    ticket_id = file_ticket(tags=["lens"], due_at=MORNING + timedelta(days=1))
    clock.forward(minutes=7, seconds=3.25)
    with uow_for(cast.agent) as uow:
        STARTS[start](uow, locking.lock_ticket(uow, ticket_id), places)
    clock.forward(minutes=11)
    with uow_for(cast.agent) as uow:
        before = whole(uow, ticket_id)
        version = locking.lock_ticket(uow, ticket_id).version
        done = bulk.change_tickets(
            uow, {ticket_id: ExpectedState(version)}, lambda d, t: ACTIONS[action](d, t, places)
        )
        assert done.errors == []
        changed = whole(uow, ticket_id)
    clock.forward(minutes=2)
    with uow_for(cast.agent) as uow:
        if not done.steps:
            assert changed == before
            return
        assert changed != before
        entries = len(timeline.list_entries(uow, ticket_id))
        assert bulk.undo_steps(uow, done.steps).errors == []
        assert whole(uow, ticket_id) == before
        assert locking.lock_ticket(uow, ticket_id).version > version
        assert len(timeline.list_entries(uow, ticket_id)) > entries


def test_undo_of_many_restores_each_and_the_counters(
    uow_for: UowFor, cast: Cast, places: Places, file_ticket: FileTicket
) -> None:
    ids = [file_ticket(priority=one) for one in Priority]
    with uow_for(cast.agent) as uow:
        before = [whole(uow, one) for one in ids]
        for act in ("assign to someone in a team", "priority", "status to resolved", "delete"):
            seen = {one: ExpectedState(locking.lock_ticket(uow, one).version) for one in ids}
            done = bulk.change_tickets(uow, seen, lambda d, t, act=act: ACTIONS[act](d, t, places))
            assert (len(done.ticket_keys), done.errors) == (len(ids), [])
            assert bulk.undo_steps(uow, done.steps).errors == []
            assert [whole(uow, one) for one in ids] == before


def test_undo_of_a_merge_restores_the_source_and_the_target(
    uow_for: UowFor, cast: Cast, clock: Clock, places: Places, file_ticket: FileTicket
) -> None:
    target, source = file_ticket(tags=["lens"]), file_ticket(tags=["fog"])
    with uow_for(cast.agent) as uow:
        commenting.add_comment(uow, locking.lock_ticket(uow, source), "We look into it.")
    clock.forward(minutes=5, seconds=1.5)
    with uow_for(cast.agent) as uow:
        before = [whole(uow, one) for one in (target, source)]
        merging.merge(uow, source, target)
    clock.forward(minutes=3)
    with uow_for(cast.agent) as uow:
        assert whole(uow, source) != before[1]
        merging.unmerge(uow, source)
        for one, was in zip((target, source), before, strict=True):
            now = whole(uow, one)
            assert {name: now["row"][name] for name in was["row"]} == was["row"]
            assert now == was


def test_an_sla_target_missed_while_undone_is_recorded_once_undone(
    uow_for: UowFor, cast: Cast, clock: Clock, places: Places, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        ticket = locking.lock_ticket(uow, ticket_id)
        due = ticket.respond_by
        seen = {ticket_id: ExpectedState(ticket.version)}
        done = bulk.change_tickets(uow, seen, lambda d, t: _status(Status.RESOLVED)(d, t, places))
    clock.forward(hours=2)
    with uow_for(cast.agent) as uow:
        bulk.undo_steps(uow, done.steps)
        assert locking.lock_ticket(uow, ticket_id).first_response_breached_at == due


def test_undo_keeps_what_the_sla_job_recorded_since(
    uow_for: UowFor, cast: Cast, clock: Clock, places: Places, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        seen = {ticket_id: ExpectedState(locking.lock_ticket(uow, ticket_id).version)}
        done = bulk.change_tickets(uow, seen, lambda d, t: ACTIONS["priority"](d, t, places))
    clock.forward(minutes=20)
    with uow_for(None) as uow:
        assert sla_tracking.check_due_targets(uow) == 1
    with uow_for(cast.agent) as uow:
        assert bulk.undo_steps(uow, done.steps).errors == []
        ticket = locking.lock_ticket(uow, ticket_id)
        assert (ticket.priority, ticket.priority_rank) == ("medium", Priority.MEDIUM.rank)
        assert ticket.first_response_breached_at == MORNING + timedelta(minutes=5)
        assert ticket.resolve_by == MORNING + timedelta(hours=8)


def test_undo_is_refused_once_the_ticket_has_been_changed_again(
    uow_for: UowFor, cast: Cast, places: Places, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        seen = {ticket_id: ExpectedState(locking.lock_ticket(uow, ticket_id).version)}
        done = bulk.change_tickets(uow, seen, lambda d, t: _status(Status.RESOLVED)(d, t, places))
    with uow_for(cast.manager) as uow:
        ticket = locking.lock_ticket(uow, ticket_id)
        status_changes.change_status(uow, ticket, Status.CLOSED)
        key = ticket_numbers.format_key(ticket)
    with uow_for(cast.agent) as uow:
        with pytest.raises(Conflict, match=f"{key} has been changed again since"):
            undo.revert(uow, done.steps[0])
        assert locking.lock_ticket(uow, ticket_id).status == Status.CLOSED


def test_later_reply_does_not_prevent_undo(
    uow_for: UowFor, cast: Cast, places: Places, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        seen = {ticket_id: ExpectedState(locking.lock_ticket(uow, ticket_id).version)}
        done = bulk.change_tickets(uow, seen, lambda d, t: ACTIONS["priority"](d, t, places))
    with uow_for(cast.owner) as uow:
        commenting.add_comment(uow, locking.lock_ticket(uow, ticket_id), "Any news?")
    with uow_for(cast.agent) as uow:
        ticket = undo.revert(uow, done.steps[0])
        assert (ticket.priority, ticket.comments_count) == ("medium", 1)


def test_undo_asks_for_the_permissions_of_the_change(
    uow_for: UowFor, cast: Cast, places: Places, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        seen = {ticket_id: ExpectedState(locking.lock_ticket(uow, ticket_id).version)}
        done = bulk.change_tickets(uow, seen, lambda d, t: ACTIONS["priority"](d, t, places))
    with uow_for(cast.owner) as uow, pytest.raises(Forbidden):
        undo.revert(uow, done.steps[0])
    with uow_for(cast.stranger) as uow, pytest.raises(NotFound):
        undo.revert(uow, done.steps[0])


def test_requester_undoes_their_own_edit_until_the_ticket_is_finished(
    uow_for: UowFor, cast: Cast, places: Places, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()

    def edit(uow: UnitOfWork) -> undo.UndoStep:
        ticket = locking.lock_ticket(uow, ticket_id)
        before = undo.take_snapshot(uow, ticket)
        changes = {"priority": Priority.URGENT, "category": "bug", "description": "All dark."}
        editing.edit(uow, ticket, changes)
        uow.flush()
        step = undo.build_step(uow, ticket, before)
        assert step is not None
        return step

    with uow_for(cast.owner) as uow:
        before = locking.lock_ticket(uow, ticket_id)
        seen = (before.priority, before.category, before.kind, before.description)
        step = edit(uow)
    with uow_for(cast.stranger) as uow, pytest.raises(NotFound):
        undo.revert(uow, step)
    with uow_for(cast.owner) as uow:
        with pytest.raises(Forbidden):
            undo.revert(uow, replace(step, before={**step.before, "status": "open"}))
        after = undo.revert(uow, step)
        assert (after.priority, after.category, after.kind, after.description) == seen
        assert after.resolve_by == MORNING + timedelta(hours=8)
        lines = timeline.list_entries(uow, ticket_id)
        assert [line.field for line in lines].count("priority") == 2
        step = edit(uow)
    with uow_for(cast.agent) as uow:
        status_changes.change_status(uow, locking.lock_ticket(uow, ticket_id), Status.RESOLVED)
    with uow_for(cast.owner) as uow, pytest.raises(RuleViolation, match="is finished"):
        undo.revert(uow, step)


def test_a_change_of_a_ticket_that_has_moved_on_is_refused(
    uow_for: UowFor, cast: Cast, places: Places, file_ticket: FileTicket
) -> None:
    moved, still = file_ticket(), file_ticket()
    with uow_for(cast.agent) as uow:
        seen = {one: ExpectedState(locking.lock_ticket(uow, one).version) for one in (moved, still)}
    with uow_for(cast.owner) as uow:
        commenting.add_comment(uow, locking.lock_ticket(uow, moved), "It works again.")
    with uow_for(cast.agent) as uow:
        done = bulk.change_tickets(uow, seen, lambda d, t: _status(Status.CLOSED)(d, t, places))
        assert done.errors == ["SUP-1 has changed since you last saw it. Nothing was changed."]
        assert done.ticket_keys == ["SUP-2"]
        assert locking.lock_ticket(uow, moved).status == Status.NEW

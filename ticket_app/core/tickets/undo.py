"""Undo: put back everything that one action changed on a ticket.

An action is compared before and after over every column of the ticket, so a side effect (the team
of a new assignee, the time it was resolved, a paused SLA clock) is restored without being listed
by the action. What stays: the timeline entries of the action and of the undo, `version` and
`updated_at`, which only ever grow, and messages that were already sent.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.errors import Conflict
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.search import search_index
from ticket_app.core.sla import tracking as sla_tracking
from ticket_app.core.tickets import counters, merging, tags, tickets
from ticket_app.core.tickets.fields import FIELDS
from ticket_app.core.tickets.transitions import Cause
from ticket_app.core.timeline import timeline
from ticket_app.tables import Company, Contact, Department, Person, Team, Ticket

COLUMNS: Final = tuple(Ticket.__table__.columns.keys())  # type: ignore[attr-defined]
STAYS: Final = frozenset({"version", "updated_at"})
"""Columns that an undo moves forward like every change."""

REFERENCES: Final[dict[str, tuple[str, Any, str]]] = {
    "assignee_id": ("assignee", Person, "full_name"),
    "team_id": ("team", Team, "name"),
    "company_id": ("company", Company, "name"),
    "contact_id": ("contact", Contact, "name"),
    "department_id": ("department", Department, "name"),
}
"""Columns that hold an id: the field's name on the timeline, its table, and the shown column."""
RECORDED: Final = frozenset({*tickets.CHECKS, "status"})
"""Columns that are recorded on the timeline under their own names."""
SERVICE_LEVEL: Final = frozenset(
    {
        "sla_policy_id",
        "respond_by",
        "resolve_by",
        "sla_paused_at",
        "response_left",
        "resolution_left",
        "response_warned_at",
        "resolution_warned_at",
        "first_response_breached_at",
        "sla_breached_at",
        "sla_next_at",
    }
)
"""Columns of the SLA clock, which a background job may have moved on since the action."""


@dataclass(frozen=True, slots=True)
class Step:
    """One action on one ticket: the columns it changed, with their values before and after."""

    ticket_id: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def snapshot(desk: Desk, ticket: Ticket) -> dict[str, Any]:
    """Return the values of every column of a ticket, to be taken right before an action.

    What has come due on its SLA clock is written down first: it is no part of the action.
    """
    sla_tracking.look_at(desk, ticket)
    return _values(ticket)


def _values(ticket: Ticket) -> dict[str, Any]:
    return {name: copy.deepcopy(getattr(ticket, name)) for name in COLUMNS}


def step(ticket: Ticket, before: Mapping[str, Any]) -> Step | None:
    """Return what an action changed since the snapshot `before`, or None if it cannot be undone.

    A request for approval is withdrawn, not undone: the approvers have been asked.
    """
    assert ticket.id is not None
    now = _values(ticket)
    changed = [name for name in COLUMNS if name not in STAYS and now[name] != before[name]]
    asked = "status" in changed and Status.PENDING_APPROVAL in (now["status"], before["status"])
    if not changed or asked:
        return None
    return Step(
        ticket.id,
        {name: before[name] for name in changed},
        {name: now[name] for name in changed},
    )


def apply(desk: Desk, done: Step) -> Ticket:
    """Put a ticket back as it was before an action. Returns the ticket.

    Raises `Conflict` if something the action changed has been changed again since, `NotFound`,
    `Forbidden`, `RuleBroken` for a merged ticket.
    """
    if "deleted_at" in done.before:
        return tickets.undo_delete(desk, done.ticket_id)
    if "merged_into_id" in done.before:
        return merging.unmerge(desk, done.ticket_id)
    ticket = tickets.hold(desk, done.ticket_id)
    assert ticket.id is not None
    desk.actor.must("work_tickets", "undo a change of a ticket")
    if done.before.keys() & {"assignee_id", "team_id"}:
        desk.actor.must("assign_tickets", "assign tickets")
    tickets.must_go_on_here(desk, ticket)
    _ensure_untouched(desk, ticket, done)
    cell = counters.Cell.of(ticket)
    _put_back(desk, ticket, done)
    if "tags" in done.before:
        tags.retie(desk, ticket.id, ticket.tags)
    tickets.touch(desk, ticket)
    desk.settle()
    if done.before.keys() & {*tickets.SEARCHED, "company_id"}:
        search_index.replace(desk, ticket)
    counters.move(desk, cell, counters.Cell.of(ticket))
    return ticket


def _put_back(desk: Desk, ticket: Ticket, done: Step) -> None:
    """Set every column that the action changed, and the SLA clock as if it had not happened."""
    clock = {name: getattr(ticket, name) for name in SERVICE_LEVEL}
    clock_moved = any(clock[name] != done.after[name] for name in done.after.keys() & SERVICE_LEVEL)
    if "status" in done.before:
        tickets.apply_status(desk, ticket, Status(done.before["status"]), Cause.UNDO)
    for name in [name for name in done.before if name not in SERVICE_LEVEL]:
        old, value = getattr(ticket, name), done.before[name]
        if old != value:
            setattr(ticket, name, copy.deepcopy(value))
            _record(desk, ticket, name, old, value)
    if clock_moved:
        sla_tracking.promise_anew(desk, ticket)
        return
    for name, value in clock.items():
        setattr(ticket, name, done.before.get(name, value))
    sla_tracking.look_at(desk, ticket)


def _ensure_untouched(desk: Desk, ticket: Ticket, done: Step) -> None:
    key = ticket_numbers.key(ticket)
    for name, value in done.after.items():
        if name not in SERVICE_LEVEL and getattr(ticket, name) != value:
            raise Conflict(f"{key} has been changed again since. Nothing was undone.")
    for name, (_, table, _) in REFERENCES.items():
        wanted = done.before.get(name)
        if wanted is not None and desk.session.get(table, wanted) is None:
            raise Conflict(f"The former {REFERENCES[name][0]} of {key} no longer exists.")
    original = done.before.get("duplicate_of_id")
    if original is not None and desk.session.get(Ticket, original) is None:
        raise Conflict(f"The ticket that {key} was a duplicate of no longer exists.")


def _record(desk: Desk, ticket: Ticket, name: str, old: Any, new: Any) -> None:
    """Write the undo of one column on the timeline, in the words that the change itself used."""
    assert ticket.id is not None
    if name in RECORDED:
        timeline.record_change(
            desk, ticket.id, FIELDS[name], tickets.in_words(old), tickets.in_words(new)
        )
    elif name in REFERENCES or name == "duplicate_of_id":
        field = "duplicate_of" if name == "duplicate_of_id" else REFERENCES[name][0]
        timeline.record_change(
            desk,
            ticket.id,
            FIELDS[field],
            _label(desk, name, old),
            _label(desk, name, new),
            old_id=old,
            new_id=new,
        )


def _label(desk: Desk, name: str, row_id: int | None) -> str | None:
    if row_id is None:
        return None
    if name == "duplicate_of_id":
        return ticket_numbers.key(desk.session.get_one(Ticket, row_id))
    _, table, column = REFERENCES[name]
    label: str = getattr(desk.session.get_one(table, row_id), column)
    return label

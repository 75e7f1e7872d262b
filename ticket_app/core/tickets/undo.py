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
from typing import Final, cast

from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.errors import Conflict
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.sla import tracking as sla_tracking
from ticket_app.core.sla.targets import CLOCK_COLUMNS
from ticket_app.core.tickets import editing, locking, merging, status_changes, trash
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.core.tickets.allowed_actions import Action, ensure_allowed
from ticket_app.core.tickets.changing import changing
from ticket_app.core.tickets.fields import FIELDS
from ticket_app.core.tickets.transitions import APPROVAL_STATUS, Cause
from ticket_app.core.timeline import timeline
from ticket_app.tables import Company, Contact, Department, Person, Team, Ticket, ticket_table

TICKET_COLUMNS: Final = tuple(ticket_table.c.keys())
NOT_RESTORED_COLUMNS: Final = frozenset({"version", "updated_at"})
"""Columns that an undo moves forward like every change."""

REFERENCE_COLUMNS: Final[
    dict[str, tuple[str, type[Person | Team | Company | Contact | Department], str]]
] = {
    "assignee_id": ("assignee", Person, "full_name"),
    "team_id": ("team", Team, "name"),
    "company_id": ("company", Company, "name"),
    "contact_id": ("contact", Contact, "name"),
    "department_id": ("department", Department, "name"),
}
"""Columns that hold an id: the field's name on the timeline, its table, and the shown column."""
RECORDED_COLUMNS: Final = frozenset({*ticket_fields.editable_field_validators(), "status"})
"""Columns that are recorded on the timeline under their own names."""
REQUESTER_COLUMNS: Final = frozenset(
    {
        *ticket_fields.requester_editable_fields(),
        *("kind", "priority_rank", "text_formats"),
        *CLOCK_COLUMNS,
    }
)
"""Columns that a requester's own edit changes, with what follows from it."""


@dataclass(frozen=True, slots=True)
class UndoStep:
    """One action on one ticket: the columns it changed, with their values before and after."""

    actor_id: int
    ticket_id: int
    before: Mapping[str, object]
    after: Mapping[str, object]


def take_snapshot(uow: UnitOfWork, ticket: Ticket) -> dict[str, object]:
    """Return the values of every column of a ticket, to be taken right before an action.

    What has come due on its SLA clock is written down first: it is no part of the action.
    """
    sla_tracking.check_ticket_targets(uow, ticket)
    return _column_values(ticket)


def _column_values(ticket: Ticket) -> dict[str, object]:
    return {name: copy.deepcopy(getattr(ticket, name)) for name in TICKET_COLUMNS}


def build_step(uow: UnitOfWork, ticket: Ticket, before: Mapping[str, object]) -> UndoStep | None:
    """Return what the actor has changed since the snapshot `before`, or None if that is final.

    A request for approval is withdrawn, not undone: the approvers have been asked.
    """
    assert ticket.id is not None
    current = _column_values(ticket)
    changed = [
        name
        for name in TICKET_COLUMNS
        if name not in NOT_RESTORED_COLUMNS and current[name] != before[name]
    ]
    changes_approval = "status" in changed and APPROVAL_STATUS in (
        current["status"],
        before["status"],
    )
    if not changed or changes_approval:
        return None
    return UndoStep(
        uow.actor.id,
        ticket.id,
        {name: before[name] for name in changed},
        {name: current[name] for name in changed},
    )


def revert(uow: UnitOfWork, step: UndoStep) -> Ticket:
    """Put a ticket back as it was before an action. Returns the ticket.

    Raises `Conflict` if something the action changed has been changed again since, `NotFound`,
    `Forbidden`, `RuleViolation` for a merged ticket.
    """
    if "deleted_at" in step.before:
        return trash.undo_delete(uow, step.ticket_id)
    if "merged_into_id" in step.before:
        return merging.unmerge(uow, step.ticket_id)
    ticket = locking.lock_ticket(uow, step.ticket_id)
    assert ticket.id is not None
    if step.actor_id != uow.actor.id or not step.before.keys() <= REQUESTER_COLUMNS:
        uow.actor.require("work_tickets", "undo a change of a ticket")
    if step.before.keys() & {"assignee_id", "team_id"}:
        uow.actor.require("assign_tickets", "assign tickets")
    ensure_allowed(Action.EDIT, ticket, uow.actor, uow.now)
    locking.ensure_not_merged(uow, ticket)
    _ensure_can_be_undone(uow, ticket, step)
    with changing(uow, ticket):
        _restore_columns(uow, ticket, step)
    return ticket


def _restore_columns(uow: UnitOfWork, ticket: Ticket, step: UndoStep) -> None:
    """Set every column that the action changed, and the SLA clock as if it had not happened."""
    sla_values = {name: getattr(ticket, name) for name in CLOCK_COLUMNS}
    sla_changed = any(
        sla_values[name] != step.after[name] for name in step.after.keys() & CLOCK_COLUMNS
    )
    if "status" in step.before:
        status_changes.apply_status(uow, ticket, Status(step.before["status"]), Cause.UNDO)
    for name in [name for name in step.before if name not in CLOCK_COLUMNS]:
        old, value = getattr(ticket, name), step.before[name]
        if old != value:
            setattr(ticket, name, copy.deepcopy(value))
            _record_restored_column(uow, ticket, name, old, value)
    if sla_changed:
        sla_tracking.recalculate_targets(uow, ticket)
        return
    for name, value in sla_values.items():
        setattr(ticket, name, step.before.get(name, value))
    sla_tracking.check_ticket_targets(uow, ticket)


def _ensure_can_be_undone(uow: UnitOfWork, ticket: Ticket, step: UndoStep) -> None:
    key = ticket_numbers.format_key(ticket)
    for name, value in step.after.items():
        if name not in CLOCK_COLUMNS and getattr(ticket, name) != value:
            raise Conflict(f"{key} has been changed again since. Nothing was undone.")
    for name, (_, table, _) in REFERENCE_COLUMNS.items():
        referenced_id = step.before.get(name)
        if referenced_id is not None and uow.session.get(table, referenced_id) is None:
            raise Conflict(f"The former {REFERENCE_COLUMNS[name][0]} of {key} no longer exists.")
    original = step.before.get("duplicate_of_id")
    if original is not None and uow.session.get(Ticket, original) is None:
        raise Conflict(f"The ticket that {key} was a duplicate of no longer exists.")


def _record_restored_column(
    uow: UnitOfWork, ticket: Ticket, name: str, old: object, new: object
) -> None:
    """Write the undo of one column on the timeline, in the words that the change itself used."""
    assert ticket.id is not None
    if name in RECORDED_COLUMNS:
        timeline.record_change(
            uow,
            ticket.id,
            FIELDS[name],
            editing.format_recorded_value(old),
            editing.format_recorded_value(new),
        )
    elif name in REFERENCE_COLUMNS or name == "duplicate_of_id":
        old_id, new_id = cast("int | None", old), cast("int | None", new)
        field = "duplicate_of" if name == "duplicate_of_id" else REFERENCE_COLUMNS[name][0]
        timeline.record_change(
            uow,
            ticket.id,
            FIELDS[field],
            _label(uow, name, old_id),
            _label(uow, name, new_id),
            old_id=old_id,
            new_id=new_id,
        )


def _label(uow: UnitOfWork, name: str, row_id: int | None) -> str | None:
    if row_id is None:
        return None
    if name == "duplicate_of_id":
        return ticket_numbers.format_key(uow.session.get_one(Ticket, row_id))
    _, table, column = REFERENCE_COLUMNS[name]
    label: str = getattr(uow.session.get_one(table, row_id), column)
    return label

"""Assign an unassigned ticket to the person who begins to reply to it, if they chose so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ticket_app.core.people import profiles
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import assigning, locking, undo
from ticket_app.core.tickets.undo import UndoStep
from ticket_app.tables import Person

ASSIGN_PREFERENCE = "assign_on_first_keystroke"


@dataclass(frozen=True, slots=True)
class FirstKeystroke:
    """What became of the ticket: `step` undoes that the actor got it; or who has it."""

    ticket_key: str
    version: int
    step: UndoStep | None
    taken_by: str = ""


def is_chosen(preferences: Mapping[str, object]) -> bool:
    """Return whether a person is assigned the unassigned tickets that they begin to reply to."""
    return preferences.get(ASSIGN_PREFERENCE) is True


def set_own_choice(uow: UnitOfWork, is_on: bool) -> None:
    """Choose whether the actor is assigned the unassigned tickets they begin to reply to.

    Raises `Forbidden`.
    """
    uow.actor.require("work_tickets", "work on tickets")
    profiles.update_preferences(uow, {ASSIGN_PREFERENCE: True if is_on else None})


def assign_on_first_keystroke(uow: UnitOfWork, ticket_id: int) -> FirstKeystroke:
    """Assign a ticket to the actor unless somebody has it already; of two, the first gets it.

    Raises `NotFound`, `Forbidden`, `RuleViolation` (it was merged).
    """
    ticket = locking.lock_ticket(uow, ticket_id)
    locking.ensure_not_merged(uow, ticket)
    key = ticket_numbers.format_key(ticket)
    if ticket.assignee_id is not None:
        if ticket.assignee_id == uow.actor.id:
            return FirstKeystroke(key, ticket.version, None)
        assignee = uow.session.get_one(Person, ticket.assignee_id)
        return FirstKeystroke(key, ticket.version, None, assignee.full_name)
    before = undo.take_snapshot(uow, ticket)
    assigning.assign(uow, ticket, uow.actor.id)
    uow.flush()
    return FirstKeystroke(key, ticket.version, undo.build_step(uow, ticket, before))

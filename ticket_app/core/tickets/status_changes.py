"""Change the status of a ticket by the transition table."""

from __future__ import annotations

from sqlmodel import select as select_rows

from ticket_app.core.notifications import notifications
from ticket_app.core.notifications.kinds import NotificationKind
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.errors import Invalid, RuleViolation
from ticket_app.core.platform.ticket_numbers import TicketReference, parse_reference
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.sla import tracking as sla_tracking
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.core.tickets import locking, transitions
from ticket_app.core.tickets.allowed_actions import Action, ensure_allowed
from ticket_app.core.tickets.approval_gate import get_approval_gate
from ticket_app.core.tickets.changing import changing
from ticket_app.core.tickets.transitions import Cause, Effect, Transition, TransitionRole
from ticket_app.core.timeline import timeline
from ticket_app.tables import Ticket, ticket_table


def change_status(uow: UnitOfWork, ticket: Ticket, status: Status) -> None:
    """Change the status of a ticket; `pending_approval` requests an approval.

    Raises `Forbidden`, `RuleViolation` (also if a policy requires approval first).
    """
    ensure_can_change(uow, ticket, status)
    if ticket.status == status:
        return
    if status is transitions.APPROVAL_STATUS:
        get_approval_gate().request(uow, ticket)
        return
    transition(uow, ticket, status, Cause.CHANGE)


def ensure_can_change(uow: UnitOfWork, ticket: Ticket, status: Status) -> None:
    """Raise `Forbidden` or `RuleViolation` if the actor may not give the ticket a status now."""
    uow.actor.require("work_tickets", "change the status of a ticket")
    if ticket.status == status:
        return
    locking.ensure_not_merged(uow, ticket)
    if status is transitions.APPROVAL_STATUS:
        return
    ensure_allowed(Action.CHANGE_STATUS, ticket, uow.actor, uow.now)
    get_approval_gate().ensure_approved_for(uow, ticket, status)
    _get_transition(Cause.CHANGE, Status(ticket.status), status)


def _get_transition(cause: Cause, old: Status, status: Status) -> Transition:
    transition_row = transitions.find_transition(cause, old, status, ANY_ROLE)
    if transition_row is None:
        raise RuleViolation(f"A ticket that is {old} cannot become {status} this way")
    return transition_row


def reopen(uow: UnitOfWork, ticket: Ticket) -> None:
    """Reopen a finished ticket: staff at any time, its requester within `TICKET_REOPEN_DAYS`.

    The effects are those of a change to an unfinished status. Raises `Forbidden`, `RuleViolation`.
    """
    locking.ensure_not_merged(uow, ticket)
    ensure_allowed(Action.REOPEN, ticket, uow.actor, uow.now)
    transition(uow, ticket, transitions.REOPENED_STATUS, Cause.REOPEN)


def open_if_new(uow: UnitOfWork, ticket: Ticket) -> None:
    """Open a ticket that got an assignee if it is new; call it in a `changing` block."""
    if ticket.status == transitions.INITIAL_STATUS:
        apply_status(uow, ticket, transitions.ASSIGNED_STATUS, Cause.ASSIGNMENT)


def transition(uow: UnitOfWork, ticket: Ticket, status: Status, cause: Cause) -> None:
    """Change the status by the transition table and update everything derived from it.

    Checks no permission. Raises `RuleViolation` if the table has no such row.
    """
    with changing(uow, ticket):
        apply_status(uow, ticket, status, cause)


def apply_status(
    uow: UnitOfWork, ticket: Ticket, status: Status, cause: Cause, *, entry_id: int | None = None
) -> None:
    """Set the status of a ticket, with the effects of its row in the transition table.

    The only place where a status is set; setting the present one does nothing. `entry_id` is the
    timeline entry that notifications link to, by default that of the change. Checks no permission;
    call it in a `changing` block. Raises `RuleViolation` if the table has no such row.
    """
    assert ticket.id is not None
    old = Status(ticket.status)
    if old is status:
        return
    transition_row = _get_transition(cause, old, status)
    ticket.status, ticket.status_group, ticket.status_rank = (
        status,
        status.group,
        status.rank,
    )
    closed_at = uow.now if status is transitions.CLOSED_STATUS else None
    if Effect.FINISH in transition_row.effects:
        ticket.resolved_at, ticket.closed_at = ticket.resolved_at or uow.now, closed_at
    elif Effect.REFINISH in transition_row.effects:
        ticket.closed_at = closed_at
    elif Effect.REOPEN in transition_row.effects:
        ticket.resolved_at = ticket.closed_at = None
        ticket.reopened_count += 1
    change_entry_id = timeline.record_change(uow, ticket.id, ticket_fields.STATUS, old, status)
    sla_tracking.sync_clock(uow, ticket)
    if ticket.duplicate_of_id is not None and status is not transitions.DUPLICATE_STATUS:
        set_duplicate_of(uow, ticket, None)
    if Effect.NOTIFY_ASSIGNEE in transition_row.effects and ticket.assignee_id is not None:
        notifications.notify(
            uow,
            ticket.assignee_id,
            NotificationKind.REQUESTER_REPLY
            if cause is Cause.REPLY
            else NotificationKind.STATUS_CHANGED,
            REOPENED_BY_REPLY_MESSAGE if cause is Cause.REPLY else REOPENED_MESSAGE,
            ticket_id=ticket.id,
            entry_id=entry_id or change_entry_id,
        )


REOPENED_MESSAGE = "A ticket assigned to you was reopened"
REOPENED_BY_REPLY_MESSAGE = "The requester replied: a ticket assigned to you was reopened"
ANY_ROLE = frozenset(TransitionRole)


def mark_duplicate(uow: UnitOfWork, ticket: Ticket, original: str | int | TicketReference) -> None:
    """Close the ticket as a duplicate of another one.

    `original` is any id or number of the other ticket. If that one is a duplicate itself or was
    merged, its own original is used. Raises `Forbidden`, `Invalid`, `RuleViolation`.
    """
    uow.actor.require("work_tickets", "mark tickets as duplicates")
    locking.ensure_not_merged(uow, ticket)
    parsed_reference = (
        parse_reference(str(original)) if isinstance(original, str | int) else original
    )
    original_ticket = (
        parsed_reference
        and uow.session.exec(
            select_rows(Ticket).where(
                ticket_table.c.deleted_at.is_(None), parsed_reference.condition()
            )
        ).first()
    )
    if not original_ticket:
        raise Invalid("original", "must be the id or number of a ticket")
    while original_ticket.id != ticket.id and (
        next_id := original_ticket.merged_into_id or original_ticket.duplicate_of_id
    ):
        original_ticket = uow.session.get_one(Ticket, next_id)
    if original_ticket.id == ticket.id:
        raise Invalid("original", "must not be the ticket itself or a duplicate of it")
    ensure_allowed(Action.MARK_DUPLICATE, ticket, uow.actor, uow.now)
    with changing(uow, ticket):
        apply_status(uow, ticket, transitions.DUPLICATE_STATUS, Cause.DUPLICATE)
        set_duplicate_of(uow, ticket, original_ticket)


def set_duplicate_of(uow: UnitOfWork, ticket: Ticket, other: Ticket | None) -> None:
    """Set the ticket that this one is a duplicate of, or None; call it in a `changing` block."""
    assert ticket.id is not None
    if ticket.duplicate_of_id == (other and other.id):
        return
    old = ticket.duplicate_of_id and uow.session.get_one(Ticket, ticket.duplicate_of_id)
    ticket.duplicate_of_id = other.id if other else None
    timeline.record_change(
        uow,
        ticket.id,
        ticket_fields.DUPLICATE_OF,
        ticket_numbers.format_key(old) if old else None,
        ticket_numbers.format_key(other) if other else None,
        old_id=old.id if old else None,
        new_id=ticket.duplicate_of_id,
    )

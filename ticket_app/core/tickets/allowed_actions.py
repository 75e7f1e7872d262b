"""What a person may do to a ticket now: the rule of each action, asked before it is done and when
the web app decides what to offer.

Rules read the ticket's row, the actor and the time only. What needs more of the database (a policy
that demands approval first, when a merge was made) is checked where it is done.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from ticket_app.core.platform.access_policy import SHARED_TICKET_MESSAGE
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Conflict, DomainError, Forbidden, RuleViolation
from ticket_app.core.platform.ticket_status import is_awaiting_approval
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.tickets import transitions
from ticket_app.core.tickets.ticket_state import TicketState
from ticket_app.core.tickets.transitions import Cause, TransitionRole
from ticket_app.settings import settings


class Action(StrEnum):
    """Something that can be done to a ticket."""

    COMMENT = "comment"
    WRITE_NOTE = "write_note"
    UPLOAD = "upload"
    EDIT = "edit"
    CHANGE_STATUS = "change_status"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    ASSIGN = "assign"
    REQUEST_APPROVAL = "request_approval"
    MARK_DUPLICATE = "mark_duplicate"
    MERGE = "merge"
    LOG_TIME = "log_time"
    RATE = "rate"
    DELETE = "delete"


MERGED_MESSAGE = "This ticket was merged into another one. Continue there"
PENDING_APPROVAL_MESSAGE = (
    "The ticket is waiting for approval; its status changes only when a decision is made"
)

Rejection = DomainError | None
Rule = Callable[[TicketState, Actor, datetime], Rejection]


def _check_permission(actor: Actor, permission: str, action: str) -> Rejection:
    return None if actor.can(permission) else Forbidden(f"You are not allowed to {action}")


def _check_not_merged(ticket: TicketState) -> Rejection:
    return RuleViolation(MERGED_MESSAGE) if ticket.merged_into_id is not None else None


def _check_not_pending_approval(ticket: TicketState) -> Rejection:
    return RuleViolation(PENDING_APPROVAL_MESSAGE) if is_awaiting_approval(ticket) else None


def _is_done(ticket: TicketState) -> bool:
    return Status(ticket.status).is_done


def _check_is_staff_or_requester(ticket: TicketState, actor: Actor) -> Rejection:
    if actor.is_staff or ticket.requester_id == actor.id:
        return None
    return Forbidden(SHARED_TICKET_MESSAGE)


def _check_comment(ticket: TicketState, actor: Actor, _now: datetime) -> Rejection:
    return (
        _check_permission(actor, "comment_tickets", "comment on tickets")
        or _check_is_staff_or_requester(ticket, actor)
        or _check_not_merged(ticket)
    )


def _check_write_note(ticket: TicketState, actor: Actor, _now: datetime) -> Rejection:
    rejection = _check_permission(actor, "write_notes", "write internal notes")
    return (
        _check_permission(actor, "comment_tickets", "comment on tickets")
        or rejection
        or _check_not_merged(ticket)
    )


def _check_upload(ticket: TicketState, actor: Actor, _now: datetime) -> Rejection:
    return (
        _check_permission(actor, "upload_files", "attach files")
        or _check_is_staff_or_requester(ticket, actor)
        or _check_not_merged(ticket)
    )


def _check_edit(ticket: TicketState, actor: Actor, _now: datetime) -> Rejection:
    if actor.can("work_tickets"):
        return None
    if ticket.requester_id != actor.id:
        return Forbidden("You are not allowed to change this field")
    rejection = _check_permission(actor, "create_tickets", "change this field")
    if rejection or not _is_done(ticket):
        return rejection
    return RuleViolation("The ticket is finished; reopen it to change it")


def _check_change_status(ticket: TicketState, actor: Actor, _now: datetime) -> Rejection:
    return (
        _check_permission(actor, "work_tickets", "change the status of a ticket")
        or _check_not_merged(ticket)
        or _check_not_pending_approval(ticket)
    )


def _check_resolve(ticket: TicketState, actor: Actor, now: datetime) -> Rejection:
    if rejection := _check_change_status(ticket, actor, now):
        return rejection
    return RuleViolation("The ticket is already finished") if _is_done(ticket) else None


def _check_reopen(ticket: TicketState, actor: Actor, now: datetime) -> Rejection:
    roles = transitions.transition_roles(ticket, actor)
    if not roles & {TransitionRole.STAFF, TransitionRole.REQUESTER}:
        return Forbidden("You are not allowed to reopen this ticket")
    if not _is_done(ticket):
        return RuleViolation("Only a finished ticket can be reopened")
    if rejection := _check_not_merged(ticket):
        return rejection
    if transitions.possible_statuses(Cause.REOPEN, ticket, actor, now):
        return None
    if Status(ticket.status) not in transitions.REOPENABLE_BY_REQUESTER:
        return RuleViolation("This ticket cannot be reopened; create a new one instead")
    days = settings().reopen_days
    return RuleViolation(
        f"The ticket was finished more than {days} days ago; reply to open a new one linked to it"
    )


def _check_assign(_ticket: TicketState, actor: Actor, _now: datetime) -> Rejection:
    return _check_permission(actor, "assign_tickets", "assign tickets")


def _check_request_approval(ticket: TicketState, actor: Actor, _now: datetime) -> Rejection:
    if rejection := _check_permission(
        actor, "work_tickets", "request approval"
    ) or _check_not_merged(ticket):
        return rejection
    if _is_done(ticket):
        return RuleViolation("The ticket is finished; reopen it to request approval")
    if is_awaiting_approval(ticket):
        return Conflict("The ticket is already waiting for approval")
    return None


def _check_mark_duplicate(ticket: TicketState, actor: Actor, _now: datetime) -> Rejection:
    return (
        _check_permission(actor, "work_tickets", "mark tickets as duplicates")
        or _check_not_merged(ticket)
        or _check_not_pending_approval(ticket)
    )


def _check_merge(ticket: TicketState, actor: Actor, _now: datetime) -> Rejection:
    return (
        _check_permission(actor, "work_tickets", "merge tickets")
        or _check_not_merged(ticket)
        or _check_not_pending_approval(ticket)
    )


def _check_log_time(ticket: TicketState, actor: Actor, _now: datetime) -> Rejection:
    return _check_permission(actor, "work_tickets", "log time on tickets") or _check_not_merged(
        ticket
    )


def _check_rate(ticket: TicketState, actor: Actor, _now: datetime) -> Rejection:
    if ticket.requester_id != actor.id:
        return Forbidden("Only the requester can rate a ticket")
    rejection = _check_permission(actor, "comment_tickets", "rate tickets")
    if rejection or _is_done(ticket):
        return rejection
    return RuleViolation("Only a finished ticket can be rated")


def _check_delete(_ticket: TicketState, actor: Actor, _now: datetime) -> Rejection:
    return _check_permission(actor, "delete_tickets", "delete tickets")


RULES: dict[Action, Rule] = {
    Action.COMMENT: _check_comment,
    Action.WRITE_NOTE: _check_write_note,
    Action.UPLOAD: _check_upload,
    Action.EDIT: _check_edit,
    Action.CHANGE_STATUS: _check_change_status,
    Action.RESOLVE: _check_resolve,
    Action.REOPEN: _check_reopen,
    Action.ASSIGN: _check_assign,
    Action.REQUEST_APPROVAL: _check_request_approval,
    Action.MARK_DUPLICATE: _check_mark_duplicate,
    Action.MERGE: _check_merge,
    Action.LOG_TIME: _check_log_time,
    Action.RATE: _check_rate,
    Action.DELETE: _check_delete,
}


def ensure_allowed(action: Action, ticket: TicketState, actor: Actor, now: datetime) -> None:
    """Raise the reason why an actor may not do something to a ticket now.

    Raises `Forbidden`, `RuleViolation` or `Conflict`.
    """
    rejection = RULES[action](ticket, actor, now)
    if rejection is not None:
        raise rejection


def allowed_actions(ticket: TicketState, actor: Actor, *, now: datetime) -> frozenset[Action]:
    """Return what an actor may do to a ticket they see, now."""
    if ticket.deleted_at is not None:
        return frozenset()
    return frozenset(action for action, rule in RULES.items() if rule(ticket, actor, now) is None)

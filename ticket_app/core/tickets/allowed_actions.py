"""What a person may do to a ticket now: the rule of each action, asked before it is done and when
the web app decides what to offer.

Rules read the ticket's row, the actor and the time only. What needs more of the database (a policy
that demands approval first, when a merge was made) is checked where it is done.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any

from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Conflict, DeskError, Forbidden, RuleBroken
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.tickets import transitions
from ticket_app.core.tickets.transitions import DONE, Cause, Who
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
    RATE = "rate"
    DELETE = "delete"


MERGED = "The ticket was merged into another one; it goes on there"
WAITS_FOR_APPROVAL = "The ticket waits for approval; only a decision changes its status"

Refusal = DeskError | None
Rule = Callable[[Any, Actor, datetime], Refusal]


def _lacks(actor: Actor, permission: str, what: str) -> Refusal:
    return None if actor.may(permission) else Forbidden(f"You are not allowed to {what}")


def _merged(ticket: Any) -> Refusal:
    return RuleBroken(MERGED) if ticket.merged_into_id is not None else None


def _waits_for_approval(ticket: Any) -> Refusal:
    waits = ticket.status == Status.PENDING_APPROVAL
    return RuleBroken(WAITS_FOR_APPROVAL) if waits else None


def _is_done(ticket: Any) -> bool:
    return Status(ticket.status) in DONE


def _comment(ticket: Any, actor: Actor, _now: datetime) -> Refusal:
    return _lacks(actor, "comment_tickets", "comment on tickets") or _merged(ticket)


def _write_note(ticket: Any, actor: Actor, _now: datetime) -> Refusal:
    refused = _lacks(actor, "write_notes", "write internal notes")
    return _lacks(actor, "comment_tickets", "comment on tickets") or refused or _merged(ticket)


def _upload(ticket: Any, actor: Actor, _now: datetime) -> Refusal:
    return _lacks(actor, "upload_files", "attach files") or _merged(ticket)


def _edit(ticket: Any, actor: Actor, _now: datetime) -> Refusal:
    if actor.may("work_tickets"):
        return None
    if ticket.requester_id != actor.id:
        return Forbidden("You are not allowed to change this on a ticket")
    lacks = _lacks(actor, "create_tickets", "change this on a ticket")
    if lacks or not _is_done(ticket):
        return lacks
    return RuleBroken("The ticket is finished; reopen it to change it")


def _change_status(ticket: Any, actor: Actor, _now: datetime) -> Refusal:
    return (
        _lacks(actor, "work_tickets", "change the status of a ticket")
        or _merged(ticket)
        or _waits_for_approval(ticket)
    )


def _resolve(ticket: Any, actor: Actor, now: datetime) -> Refusal:
    if refused := _change_status(ticket, actor, now):
        return refused
    return RuleBroken("The ticket is finished already") if _is_done(ticket) else None


def _reopen(ticket: Any, actor: Actor, now: datetime) -> Refusal:
    who = transitions.who_is(ticket, actor)
    if not who & {Who.STAFF, Who.REQUESTER}:
        return Forbidden("You are not allowed to reopen this ticket")
    if not _is_done(ticket):
        return RuleBroken("Only a finished ticket can be reopened")
    if refused := _merged(ticket):
        return refused
    if transitions.possible(Cause.REOPEN, ticket, actor, now):
        return None
    if Status(ticket.status) not in transitions.REOPENED_BY_REQUESTER:
        return RuleBroken("The ticket was closed for good; file a new one instead")
    days = settings().reopen_days
    return RuleBroken(
        f"The ticket was closed more than {days} days ago; reply to open a new one linked to it"
    )


def _assign(_ticket: Any, actor: Actor, _now: datetime) -> Refusal:
    return _lacks(actor, "assign_tickets", "assign tickets")


def _request_approval(ticket: Any, actor: Actor, _now: datetime) -> Refusal:
    if refused := _lacks(actor, "work_tickets", "ask for approval") or _merged(ticket):
        return refused
    if _is_done(ticket):
        return RuleBroken("The ticket is finished; reopen it to ask for approval")
    waits = ticket.status == Status.PENDING_APPROVAL
    return Conflict("The ticket waits for approval already") if waits else None


def _mark_duplicate(ticket: Any, actor: Actor, _now: datetime) -> Refusal:
    return (
        _lacks(actor, "work_tickets", "mark tickets as duplicates")
        or _merged(ticket)
        or _waits_for_approval(ticket)
    )


def _merge(ticket: Any, actor: Actor, _now: datetime) -> Refusal:
    return (
        _lacks(actor, "work_tickets", "merge tickets")
        or _merged(ticket)
        or _waits_for_approval(ticket)
    )


def _rate(ticket: Any, actor: Actor, _now: datetime) -> Refusal:
    if ticket.requester_id != actor.id:
        return Forbidden("Only the person who filed a ticket can rate it")
    lacks = _lacks(actor, "comment_tickets", "rate tickets")
    if lacks or _is_done(ticket):
        return lacks
    return RuleBroken("Only a finished ticket can be rated")


def _delete(_ticket: Any, actor: Actor, _now: datetime) -> Refusal:
    return _lacks(actor, "delete_tickets", "delete tickets")


RULES: dict[Action, Rule] = {
    Action.COMMENT: _comment,
    Action.WRITE_NOTE: _write_note,
    Action.UPLOAD: _upload,
    Action.EDIT: _edit,
    Action.CHANGE_STATUS: _change_status,
    Action.RESOLVE: _resolve,
    Action.REOPEN: _reopen,
    Action.ASSIGN: _assign,
    Action.REQUEST_APPROVAL: _request_approval,
    Action.MARK_DUPLICATE: _mark_duplicate,
    Action.MERGE: _merge,
    Action.RATE: _rate,
    Action.DELETE: _delete,
}


def check(action: Action, ticket: Any, actor: Actor, now: datetime) -> None:
    """Raise why an actor may not do something to a ticket now.

    Raises `Forbidden`, `RuleBroken` or `Conflict`.
    """
    refused = RULES[action](ticket, actor, now)
    if refused is not None:
        raise refused


def allowed_actions(ticket: Any, actor: Actor, *, now: datetime) -> frozenset[Action]:
    """Return what an actor may do to a ticket they see, now."""
    if ticket.deleted_at is not None:
        return frozenset()
    return frozenset(action for action, rule in RULES.items() if rule(ticket, actor, now) is None)

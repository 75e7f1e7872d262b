"""Apply a macro to tickets, all of it or nothing on each, and undo the whole set."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from ticket_app.core.automation import macro_actions, macros, variables
from ticket_app.core.automation.macro_actions import ActionType, MacroAction
from ticket_app.core.automation.macros import MacroRow
from ticket_app.core.conversation import commenting, held_replies
from ticket_app.core.notifications import followers
from ticket_app.core.notifications.followers import FollowReason
from ticket_app.core.platform import sharing, ticket_numbers
from ticket_app.core.platform.errors import Conflict, DomainError, Invalid, RuleViolation
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import TextFormat
from ticket_app.core.tickets import bulk, locking, undo
from ticket_app.core.tickets.bulk import BulkResult, ExpectedState
from ticket_app.core.tickets.undo import UndoStep
from ticket_app.tables import Ticket, macro_use_table


@dataclass(frozen=True, slots=True)
class AppliedMacro:
    """What a macro has done to one ticket, so that it can be undone."""

    actor_id: int
    ticket_id: int
    ticket_key: str
    version: int
    macro_name: str
    step: UndoStep | None = None
    held_reply_id: UUID | None = None
    reply_entry_id: int | None = None
    """The reply, if it was sent at once."""
    note_entry_id: int | None = None
    began_to_follow: bool = False


@dataclass(slots=True)
class MacroResult:
    """The name of a macro, what it did to each ticket, and why others stayed as they were."""

    macro_name: str
    applied: list[AppliedMacro] = field(default_factory=list[AppliedMacro])
    errors: list[str] = field(default_factory=list[str])


def apply(
    uow: UnitOfWork,
    macro_id: int,
    reference: str | int,
    *,
    expected: ExpectedState | None = None,
    undo_seconds: int = 0,
) -> AppliedMacro:
    """Apply a macro to a ticket: every action under its own rules, or none of them.

    A public reply is held for `undo_seconds`; with 0 it is sent at once. Raises `NotFound`,
    `VersionConflict` or `Conflict` (the ticket is no longer as `expected`), and what the first
    action that is not possible raises, with a message that names it.
    """
    sharing.require_staff(uow, "macros")
    ticket = locking.lock_ticket(uow, reference)
    macro = macros.get_usable(uow, macro_id)
    assert ticket.id is not None
    with uow.savepoint():
        applied = _apply_to(uow, macro, ticket, expected, undo_seconds)
    sharing.record_use(uow, macro_use_table, macro_id)
    return applied


def apply_to_each(
    uow: UnitOfWork,
    macro_id: int,
    expected_states: Mapping[int, ExpectedState],
    *,
    undo_seconds: int,
) -> MacroResult:
    """Apply a macro to several tickets (by id); those for which it is not possible stay.

    Raises `NotFound`, `Forbidden` for the macro itself.
    """
    macro = macros.get_usable(uow, macro_id)
    result = MacroResult(macro.name)

    def apply_one(ticket_id: int) -> None:
        ticket = locking.lock_ticket(uow, ticket_id)
        expected = expected_states[ticket_id]
        result.applied.append(_apply_to(uow, macro, ticket, expected, undo_seconds))

    result.errors = bulk.apply_to_each(uow, sorted(expected_states), apply_one)
    if result.applied:
        sharing.record_use(uow, macro_use_table, macro_id, len(result.applied))
    return result


def _apply_to(
    uow: UnitOfWork,
    macro: MacroRow,
    ticket: Ticket,
    expected: ExpectedState | None,
    undo_seconds: int,
) -> AppliedMacro:
    assert ticket.id is not None
    if expected is not None:
        locking.ensure_version(uow, ticket, expected.version, expected.assignee_id)
    key = ticket_numbers.format_key(ticket)
    actions = macro_actions.read_actions(macro.actions)
    was_following = followers.is_following(uow, ticket.id, uow.actor.id)
    before = undo.take_snapshot(uow, ticket)
    for action in actions:
        if action.type not in macro_actions.MESSAGES:
            with _naming(action, macro, key):
                macro_actions.ACTION_RULES[action.type].apply(uow, ticket, action.value)
    uow.flush()
    step = undo.build_step(uow, ticket, before)
    applied = AppliedMacro(uow.actor.id, ticket.id, key, ticket.version, macro.name, step)
    for action in actions:
        if action.type in macro_actions.MESSAGES:
            with _naming(action, macro, key):
                applied = _send(uow, ticket, action, applied, undo_seconds)
    uow.flush()
    follows = any(action.type is ActionType.FOLLOW for action in actions)
    return replace(applied, version=ticket.version, began_to_follow=follows and not was_following)


@contextmanager
def _naming(action: MacroAction, macro: MacroRow, key: str) -> Generator[None]:
    """Name the action in the message of an error that the block raises."""
    prefix = (
        f"“{macro.name}” was not applied to {key}. "
        f"The action “{macro_actions.describe(action)}” is not possible: "
    )
    try:
        yield
    except Invalid as error:
        reasons = "; ".join(reason for _, reason in error.problems)
        raise RuleViolation(prefix + reasons) from error
    except DomainError as error:
        error.message = prefix + error.message
        error.args = (error.message,)
        raise


def _send(
    uow: UnitOfWork,
    ticket: Ticket,
    action: MacroAction,
    applied: AppliedMacro,
    undo_seconds: int,
) -> AppliedMacro:
    """Send a reply, add a note, or follow the ticket."""
    assert ticket.id is not None
    if action.type is ActionType.FOLLOW:
        followers.follow(uow, ticket.id, uow.actor.id, FollowReason.CHOSEN)
        return applied
    filled = variables.fill_in(uow, ticket.id, str(action.value))
    if filled.missing:
        raise RuleViolation(variables.missing_message(filled.missing))
    if action.type is ActionType.REPLY and undo_seconds:
        send_at = uow.now + timedelta(seconds=undo_seconds)
        held = held_replies.hold(uow, ticket, filled.text, send_at=send_at)
        return replace(applied, held_reply_id=held.uuid)
    is_note = action.type is ActionType.NOTE
    entry_id = commenting.add_comment(
        uow, ticket, filled.text, internal=is_note, text_format=TextFormat.MARKDOWN
    )
    if is_note:
        return replace(applied, note_entry_id=entry_id)
    return replace(applied, reply_entry_id=entry_id)


def undo_applied(uow: UnitOfWork, applied: Sequence[AppliedMacro]) -> BulkResult:
    """Undo a macro on each ticket: its changes, its note, and its reply while that is held.

    A ticket that has been changed again since stays as it is, with its note and its reply. A reply
    that was sent is named among the errors; everything else of that ticket is undone.
    """
    result = BulkResult()
    by_ticket = {one.ticket_id: one for one in applied if one.actor_id == uow.actor.id}

    def undo_one(ticket_id: int) -> None:
        one = by_ticket[ticket_id]
        is_sent = one.reply_entry_id is not None
        if one.step is not None:
            undo.revert(uow, one.step)
        if one.note_entry_id is not None:
            commenting.delete_comment(uow, one.note_entry_id)
        if one.began_to_follow:
            followers.forget_follower(uow, one.ticket_id, uow.actor.id)
        if one.held_reply_id is not None:
            try:
                held_replies.cancel(uow, one.held_reply_id)
            except Conflict:
                is_sent = True
        if is_sent:
            result.errors.append(f"The reply to {one.ticket_key} was already sent.")
        result.ticket_keys.append(one.ticket_key)

    result.errors += bulk.apply_to_each(uow, sorted(by_ticket), undo_one)
    return result

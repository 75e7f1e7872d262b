"""The transition table: which status a ticket may take, who may cause it, and what follows.

Every change of a status goes through one row of `TRANSITIONS`: a change by staff, reopening, the
requester's reply, assignment, duplicates, merges and approvals. `core.tickets.allowed_actions`
computes from it what a person may do to a ticket now; `tickets.apply_status` carries a row out.

Whatever the row, the change is written to the timeline, the SLA clock runs while the status group
is open, and a ticket that leaves `duplicate` no longer points to an original.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.vocabulary import Group, Status
from ticket_app.settings import settings


class Cause(StrEnum):
    """What changes a status."""

    CHANGE = "change"
    REOPEN = "reopen"
    REPLY = "reply"
    ASSIGNMENT = "assignment"
    DUPLICATE = "duplicate"
    MERGE = "merge"
    UNMERGE = "unmerge"
    APPROVAL_REQUEST = "approval_request"
    APPROVAL_DECISION = "approval_decision"
    UNDO = "undo"


class Who(StrEnum):
    """Who may cause a transition."""

    STAFF = "staff"
    ASSIGNER = "assigner"
    REQUESTER = "requester"
    APPROVER = "approver"
    SYSTEM = "system"


IS_WHO: dict[Who, Callable[[Any, Actor], bool]] = {
    Who.STAFF: lambda _ticket, actor: actor.may("work_tickets"),
    Who.ASSIGNER: lambda _ticket, actor: actor.may("assign_tickets"),
    Who.REQUESTER: lambda ticket, actor: (
        ticket.requester_id == actor.id and actor.may("comment_tickets")
    ),
    # Who was asked to decide is known to the approval only; a policy or time limit is no person.
    Who.APPROVER: lambda _ticket, _actor: False,
    Who.SYSTEM: lambda _ticket, _actor: False,
}


class Condition(StrEnum):
    """What must hold besides the status."""

    NOT_MERGED = "not_merged"
    WITHIN_REOPEN_DAYS = "within_reopen_days"


class Effect(StrEnum):
    """What a transition changes besides the status.

    - `finish`: `resolved_at` is now, and so is `closed_at` if the status is closed.
    - `refinish`: `resolved_at` stays; `closed_at` is now if the status is closed, else empty.
    - `reopen`: `resolved_at` and `closed_at` are emptied, `reopened_count` grows by one.
    - `tell_assignee`: the assignee gets a notification, unless they did it themselves.
    """

    FINISH = "finish"
    REFINISH = "refinish"
    REOPEN = "reopen"
    TELL_ASSIGNEE = "tell_assignee"


def _in_group(*groups: Group) -> frozenset[Status]:
    return frozenset(status for status in Status if status.group in groups)


ANY = frozenset(Status)
DONE = _in_group(Group.DONE)
IN_APPROVAL = frozenset({Status.PENDING_APPROVAL})
UNFINISHED = ANY - DONE - IN_APPROVAL
REOPENED_BY_REQUESTER = frozenset({Status.RESOLVED, Status.CLOSED})
"""Finished statuses that a requester's reply reopens; the others stay as they are."""
AFTER_REPLY = frozenset({Status.OPEN, Status.IN_PROGRESS})

STAFF = frozenset({Who.STAFF})
REQUESTER = frozenset({Who.REQUESTER})
NOT_MERGED = frozenset({Condition.NOT_MERGED})
IN_TIME = NOT_MERGED | {Condition.WITHIN_REOPEN_DAYS}
REOPENS = frozenset({Effect.REOPEN, Effect.TELL_ASSIGNEE})
FINISHES = frozenset({Effect.FINISH})
REFINISHES = frozenset({Effect.REFINISH})
NOTHING: frozenset[Any] = frozenset()


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: the statuses it leads from and to, who may cause it, and its effects."""

    cause: Cause
    sources: frozenset[Status]
    targets: frozenset[Status]
    who: frozenset[Who]
    conditions: frozenset[Condition] = NOTHING
    effects: frozenset[Effect] = NOTHING


TRANSITIONS: tuple[Transition, ...] = (
    # Staff chooses a status; `pending_approval` is reached by asking for approval only.
    Transition(Cause.CHANGE, UNFINISHED, UNFINISHED, STAFF, NOT_MERGED),
    Transition(Cause.CHANGE, UNFINISHED, DONE, STAFF, NOT_MERGED, FINISHES),
    Transition(Cause.CHANGE, DONE, DONE, STAFF, NOT_MERGED, REFINISHES),
    Transition(Cause.CHANGE, DONE, UNFINISHED, STAFF, NOT_MERGED, REOPENS),
    # Reopening without naming a status has the effects of a change to an unfinished status.
    Transition(Cause.REOPEN, DONE, frozenset({Status.REOPENED}), STAFF, NOT_MERGED, REOPENS),
    Transition(
        Cause.REOPEN,
        REOPENED_BY_REQUESTER,
        frozenset({Status.REOPENED}),
        REQUESTER,
        IN_TIME,
        REOPENS,
    ),
    # The requester's public comment.
    Transition(
        Cause.REPLY,
        REOPENED_BY_REQUESTER,
        frozenset({Status.REOPENED}),
        REQUESTER,
        IN_TIME,
        REOPENS,
    ),
    Transition(Cause.REPLY, frozenset({Status.PENDING_USER}), AFTER_REPLY, REQUESTER, NOT_MERGED),
    # A new ticket is open once somebody has it.
    Transition(
        Cause.ASSIGNMENT,
        frozenset({Status.NEW}),
        frozenset({Status.OPEN}),
        frozenset({Who.ASSIGNER}),
    ),
    # Naming the original of a duplicate, merging, and undoing a merge (which restores what was).
    Transition(
        Cause.DUPLICATE,
        UNFINISHED,
        frozenset({Status.DUPLICATE}),
        STAFF,
        NOT_MERGED,
        FINISHES,
    ),
    Transition(
        Cause.DUPLICATE,
        DONE,
        frozenset({Status.DUPLICATE}),
        STAFF,
        NOT_MERGED,
        REFINISHES,
    ),
    Transition(Cause.MERGE, UNFINISHED, frozenset({Status.DUPLICATE}), STAFF, NOT_MERGED, FINISHES),
    Transition(Cause.MERGE, DONE, frozenset({Status.DUPLICATE}), STAFF, NOT_MERGED, REFINISHES),
    Transition(Cause.UNMERGE, frozenset({Status.DUPLICATE}), ANY - IN_APPROVAL, STAFF),
    # Approvals: asked for by staff or by a policy, left by a decision (or by taking it back) only.
    Transition(
        Cause.APPROVAL_REQUEST,
        UNFINISHED,
        IN_APPROVAL,
        frozenset({Who.STAFF, Who.SYSTEM}),
        NOT_MERGED,
    ),
    Transition(
        Cause.APPROVAL_DECISION,
        IN_APPROVAL,
        UNFINISHED,
        frozenset({Who.APPROVER, Who.SYSTEM}),
    ),
    Transition(
        Cause.APPROVAL_DECISION,
        IN_APPROVAL,
        frozenset({Status.WONT_FIX}),
        frozenset({Who.APPROVER, Who.SYSTEM}),
        effects=FINISHES,
    ),
    # Taking back one's own change of a moment ago: the caller restores what the change had done.
    Transition(Cause.UNDO, ANY - IN_APPROVAL, ANY - IN_APPROVAL, STAFF, NOT_MERGED),
)

BEHIND_APPROVAL = frozenset(
    {Status.IN_PROGRESS, Status.PENDING_USER, Status.RESOLVED, Status.CLOSED}
)
"""What staff cannot choose before the approval that a policy demands was given."""

NEEDS: dict[Status, str] = {Status.DUPLICATE: "original", Status.PENDING_APPROVAL: "approvers"}
"""What is asked for before staff chooses one of these statuses; the others need nothing more."""

RESTORING = frozenset({Cause.UNMERGE, Cause.UNDO})
"""Causes that put back what was, so that their rows have no effects of their own."""


def _check_table() -> None:
    """Raise `ValueError` where the table contradicts itself or the status groups."""
    rows = Counter(
        (row.cause, old, new, who)
        for row in TRANSITIONS
        for old in row.sources
        for new in row.targets
        for who in row.who
        if old is not new
    )
    twice = [key for key, count in rows.items() if count > 1]
    if twice:
        raise ValueError(f"two rows say what happens at {twice[0]}")
    for row in TRANSITIONS:
        if row.cause in RESTORING:
            continue
        finished = {old in DONE for old in row.sources}, {new in DONE for new in row.targets}
        expected = {
            (False, True): Effect.FINISH,
            (True, True): Effect.REFINISH,
            (True, False): Effect.REOPEN,
            (False, False): None,
        }
        if any(len(side) != 1 for side in finished):
            raise ValueError(f"{row.cause}: a row leads from or to finished statuses, or not")
        effect = expected[finished[0].pop(), finished[1].pop()]
        if row.effects - {Effect.TELL_ASSIGNEE} != ({effect} if effect else set()):
            raise ValueError(f"{row.cause}: the effects do not fit the status groups")


_check_table()


def find(cause: Cause, old: Status, new: Status, who: frozenset[Who]) -> Transition | None:
    """Return the row for a change of status by one of these, if the table has it."""
    return next(
        (
            row
            for row in TRANSITIONS
            if row.cause is cause and old in row.sources and new in row.targets and row.who & who
        ),
        None,
    )


def who_is(ticket: Any, actor: Actor) -> frozenset[Who]:
    """Return what a person is to a ticket."""
    return frozenset(who for who, holds in IS_WHO.items() if holds(ticket, actor))


def left_open_groups_at(ticket: Any) -> datetime:
    """Return when a finished ticket left the open and waiting groups."""
    moment: datetime = ticket.resolved_at or ticket.closed_at or ticket.updated_at
    return moment


def is_within_reopen_days(ticket: Any, now: datetime) -> bool:
    """Return whether a finished ticket can still be reopened by its requester."""
    return now - left_open_groups_at(ticket) <= timedelta(days=settings().reopen_days)


def is_reopening(old: str | None, new: str | None) -> bool:
    """Return whether a change from one status to another takes up a finished ticket again."""
    return bool(old and new) and Status(old) in DONE and Status(new) not in DONE


def holds(row: Transition, ticket: Any, now: datetime) -> bool:
    """Return whether the conditions of a row hold for a ticket."""
    return all(
        {
            Condition.NOT_MERGED: ticket.merged_into_id is None,
            Condition.WITHIN_REOPEN_DAYS: is_within_reopen_days(ticket, now),
        }[condition]
        for condition in row.conditions
    )


def possible(cause: Cause, ticket: Any, actor: Actor, now: datetime) -> list[Status]:
    """Return the statuses an actor may give a ticket in one way, in the usual order."""
    who = who_is(ticket, actor)
    old = Status(ticket.status)
    found: list[Status] = []
    for new in Status:
        row = None if new is old else find(cause, old, new, who)
        if row is not None and holds(row, ticket, now):
            found.append(new)
    return found


def choices(ticket: Any, actor: Actor, now: datetime) -> list[Status]:
    """Return the statuses that an actor may choose for a ticket now, in the usual order."""
    chosen = {
        *possible(Cause.CHANGE, ticket, actor, now),
        *possible(Cause.APPROVAL_REQUEST, ticket, actor, now),
    }
    return [status for status in Status if status in chosen]


class ReplyOutcome(StrEnum):
    """What a public comment does to a ticket.

    - `kept`: it is added to the conversation, the status stays.
    - `resumed`: a ticket that waited for its requester is in work again.
    - `reopened`: a resolved or closed ticket is reopened.
    - `follow_up`: it becomes a new ticket that is linked to this one.
    - `refused`: the ticket takes no comments.
    """

    KEPT = "kept"
    RESUMED = "resumed"
    REOPENED = "reopened"
    FOLLOW_UP = "follow_up"
    REFUSED = "refused"


def reply_outcome(ticket: Any, actor: Actor, now: datetime) -> ReplyOutcome:
    """Return what a public comment by an actor would do to a ticket now."""
    if ticket.merged_into_id is not None or not actor.may("comment_tickets"):
        return ReplyOutcome.REFUSED
    if Who.REQUESTER not in who_is(ticket, actor):
        return ReplyOutcome.KEPT
    status = Status(ticket.status)
    if possible(Cause.REPLY, ticket, actor, now):
        return ReplyOutcome.REOPENED if status in DONE else ReplyOutcome.RESUMED
    if status in REOPENED_BY_REQUESTER and actor.may("create_tickets"):
        return ReplyOutcome.FOLLOW_UP
    return ReplyOutcome.KEPT

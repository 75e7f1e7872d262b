"""The transition table: which status a ticket may take, who may cause it, and what follows.

Every change of a status goes through one row of `TRANSITIONS`: a change by staff, assignment,
duplicates, merges, approvals; requesters choose no status, they reopen and reply. From it
`allowed_actions` computes what a person may do to a ticket now; `status_changes` applies a row.

Whatever the row, the change is written to the timeline, the SLA clock runs while the status group
is open, and a ticket that leaves `duplicate` no longer points to an original.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Never

from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.tickets.ticket_state import TicketState
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


class TransitionRole(StrEnum):
    """Who may cause a transition."""

    STAFF = "staff"
    ASSIGNER = "assigner"
    REQUESTER = "requester"
    APPROVER = "approver"
    SYSTEM = "system"


ROLE_TESTS: dict[TransitionRole, Callable[[TicketState, Actor], bool]] = {
    TransitionRole.STAFF: lambda _ticket, actor: actor.can("work_tickets"),
    TransitionRole.ASSIGNER: lambda _ticket, actor: actor.can("assign_tickets"),
    TransitionRole.REQUESTER: lambda ticket, actor: (
        ticket.requester_id == actor.id and actor.can("comment_tickets")
    ),
    # Who was asked to decide is known to the approval only; a policy or time limit is no person.
    TransitionRole.APPROVER: lambda _ticket, _actor: False,
    TransitionRole.SYSTEM: lambda _ticket, _actor: False,
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
    - `notify_assignee`: the assignee gets a notification, unless they did it themselves.
    """

    FINISH = "finish"
    REFINISH = "refinish"
    REOPEN = "reopen"
    NOTIFY_ASSIGNEE = "notify_assignee"


INITIAL_STATUS = Status.NEW
ASSIGNED_STATUS = Status.OPEN
"""The status of a new ticket once it has an assignee or was approved."""
IN_WORK_STATUS = Status.IN_PROGRESS
SOLVED_STATUS = Status.RESOLVED
"""What "Resolve" sets."""
CLOSED_STATUS = Status.CLOSED
"""The only status with a closing time, `closed_at`."""
REOPENED_STATUS = Status.REOPENED
DUPLICATE_STATUS = Status.DUPLICATE
"""The status of a duplicate, also of a ticket that was merged into another one."""
REJECTED_STATUS = Status.WONT_FIX
"""The status of a ticket whose approval request is rejected."""
APPROVAL_STATUS = Status.PENDING_APPROVAL
WAITING_FOR_REQUESTER_STATUS = Status.PENDING_USER
ALL_STATUSES = frozenset(Status)
DONE_STATUSES = frozenset(status for status in Status if status.is_done)
IN_APPROVAL = frozenset({APPROVAL_STATUS})
UNFINISHED_STATUSES = ALL_STATUSES - DONE_STATUSES - IN_APPROVAL
REOPENABLE_BY_REQUESTER = frozenset({SOLVED_STATUS, CLOSED_STATUS})
"""Finished statuses that a requester's reply reopens within `TICKET_REOPEN_DAYS`."""
STATUSES_AFTER_REPLY = frozenset({ASSIGNED_STATUS, IN_WORK_STATUS})
BY_STAFF = frozenset({TransitionRole.STAFF})
BY_REQUESTER = frozenset({TransitionRole.REQUESTER})
IF_NOT_MERGED = frozenset({Condition.NOT_MERGED})
IF_REOPENABLE = IF_NOT_MERGED | {Condition.WITHIN_REOPEN_DAYS}
REOPEN_EFFECTS = frozenset({Effect.REOPEN, Effect.NOTIFY_ASSIGNEE})
FINISH_EFFECTS = frozenset({Effect.FINISH})
REFINISH_EFFECTS = frozenset({Effect.REFINISH})
EMPTY: frozenset[Never] = frozenset()


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: the statuses it leads from and to, who may cause it, and its effects."""

    cause: Cause
    sources: frozenset[Status]
    targets: frozenset[Status]
    roles: frozenset[TransitionRole]
    conditions: frozenset[Condition] = EMPTY
    effects: frozenset[Effect] = EMPTY


TRANSITIONS: tuple[Transition, ...] = (
    # Staff chooses a status; `pending_approval` is reached by asking for approval only.
    Transition(Cause.CHANGE, UNFINISHED_STATUSES, UNFINISHED_STATUSES, BY_STAFF, IF_NOT_MERGED),
    Transition(
        Cause.CHANGE, UNFINISHED_STATUSES, DONE_STATUSES, BY_STAFF, IF_NOT_MERGED, FINISH_EFFECTS
    ),
    Transition(
        Cause.CHANGE, DONE_STATUSES, DONE_STATUSES, BY_STAFF, IF_NOT_MERGED, REFINISH_EFFECTS
    ),
    Transition(
        Cause.CHANGE, DONE_STATUSES, UNFINISHED_STATUSES, BY_STAFF, IF_NOT_MERGED, REOPEN_EFFECTS
    ),
    # Reopening without naming a status has the effects of a change to an unfinished status.
    Transition(
        Cause.REOPEN,
        DONE_STATUSES,
        frozenset({REOPENED_STATUS}),
        BY_STAFF,
        IF_NOT_MERGED,
        REOPEN_EFFECTS,
    ),
    Transition(
        Cause.REOPEN,
        REOPENABLE_BY_REQUESTER,
        frozenset({REOPENED_STATUS}),
        BY_REQUESTER,
        IF_REOPENABLE,
        REOPEN_EFFECTS,
    ),
    # The requester's public comment.
    Transition(
        Cause.REPLY,
        REOPENABLE_BY_REQUESTER,
        frozenset({REOPENED_STATUS}),
        BY_REQUESTER,
        IF_REOPENABLE,
        REOPEN_EFFECTS,
    ),
    Transition(
        Cause.REPLY,
        frozenset({WAITING_FOR_REQUESTER_STATUS}),
        STATUSES_AFTER_REPLY,
        BY_REQUESTER,
        IF_NOT_MERGED,
    ),
    # A new ticket is open once it is assigned.
    Transition(
        Cause.ASSIGNMENT,
        frozenset({INITIAL_STATUS}),
        frozenset({ASSIGNED_STATUS}),
        frozenset({TransitionRole.ASSIGNER}),
    ),
    # Naming the original of a duplicate, merging, and undoing a merge (which restores what was).
    Transition(
        Cause.DUPLICATE,
        UNFINISHED_STATUSES,
        frozenset({DUPLICATE_STATUS}),
        BY_STAFF,
        IF_NOT_MERGED,
        FINISH_EFFECTS,
    ),
    Transition(
        Cause.DUPLICATE,
        DONE_STATUSES,
        frozenset({DUPLICATE_STATUS}),
        BY_STAFF,
        IF_NOT_MERGED,
        REFINISH_EFFECTS,
    ),
    Transition(
        Cause.MERGE,
        UNFINISHED_STATUSES,
        frozenset({DUPLICATE_STATUS}),
        BY_STAFF,
        IF_NOT_MERGED,
        FINISH_EFFECTS,
    ),
    Transition(
        Cause.MERGE,
        DONE_STATUSES,
        frozenset({DUPLICATE_STATUS}),
        BY_STAFF,
        IF_NOT_MERGED,
        REFINISH_EFFECTS,
    ),
    Transition(Cause.UNMERGE, frozenset({DUPLICATE_STATUS}), ALL_STATUSES - IN_APPROVAL, BY_STAFF),
    # Approvals: asked for by staff or by a policy, left by a decision (or by taking it back) only.
    Transition(
        Cause.APPROVAL_REQUEST,
        UNFINISHED_STATUSES,
        IN_APPROVAL,
        frozenset({TransitionRole.STAFF, TransitionRole.SYSTEM}),
        IF_NOT_MERGED,
    ),
    Transition(
        Cause.APPROVAL_DECISION,
        IN_APPROVAL,
        UNFINISHED_STATUSES,
        frozenset({TransitionRole.APPROVER, TransitionRole.SYSTEM}),
    ),
    Transition(
        Cause.APPROVAL_DECISION,
        IN_APPROVAL,
        frozenset({REJECTED_STATUS}),
        frozenset({TransitionRole.APPROVER, TransitionRole.SYSTEM}),
        effects=FINISH_EFFECTS,
    ),
    # Taking back one's own change of a moment ago: the caller restores what the change had done.
    Transition(
        Cause.UNDO, ALL_STATUSES - IN_APPROVAL, ALL_STATUSES - IN_APPROVAL, BY_STAFF, IF_NOT_MERGED
    ),
)

STATUSES_REQUIRING_APPROVAL = frozenset(
    {IN_WORK_STATUS, WAITING_FOR_REQUESTER_STATUS, SOLVED_STATUS, CLOSED_STATUS}
)
"""What staff cannot choose before the approval that a policy demands was given."""

REQUIRED_INPUT: dict[Status, str] = {
    DUPLICATE_STATUS: "original",
    APPROVAL_STATUS: "approvers",
}
"""What is asked for before staff chooses one of these statuses; the others need nothing more."""

RESTORING_CAUSES = frozenset({Cause.UNMERGE, Cause.UNDO})
"""Causes that put back what was, so that their rows have no effects of their own."""


def _check_table() -> None:
    """Raise `ValueError` where the table contradicts itself or the status groups."""
    rows = Counter(
        (row.cause, old, new, role)
        for row in TRANSITIONS
        for old in row.sources
        for new in row.targets
        for role in row.roles
        if old is not new
    )
    duplicates = [key for key, count in rows.items() if count > 1]
    if duplicates:
        raise ValueError(f"two rows define the same transition: {duplicates[0]}")
    for row in TRANSITIONS:
        if row.cause in RESTORING_CAUSES:
            continue
        finished = (
            {old in DONE_STATUSES for old in row.sources},
            {new in DONE_STATUSES for new in row.targets},
        )
        expected = {
            (False, True): Effect.FINISH,
            (True, True): Effect.REFINISH,
            (True, False): Effect.REOPEN,
            (False, False): None,
        }
        if any(len(side) != 1 for side in finished):
            raise ValueError(f"{row.cause}: a row mixes finished and unfinished statuses")
        effect = expected[finished[0].pop(), finished[1].pop()]
        expected_effects: set[Effect] = {effect} if effect else set()
        if set(row.effects) - {Effect.NOTIFY_ASSIGNEE} != expected_effects:
            raise ValueError(f"{row.cause}: the effects do not fit the status groups")


_check_table()


def find_transition(
    cause: Cause, old: Status, new: Status, roles: frozenset[TransitionRole]
) -> Transition | None:
    """Return the row for a change of status by one of these, if the table has it."""
    return next(
        (
            row
            for row in TRANSITIONS
            if row.cause is cause
            and old in row.sources
            and new in row.targets
            and row.roles & roles
        ),
        None,
    )


def transition_roles(ticket: TicketState, actor: Actor) -> frozenset[TransitionRole]:
    """Return what a person is to a ticket."""
    return frozenset(role for role, has_role in ROLE_TESTS.items() if has_role(ticket, actor))


def finished_at(ticket: TicketState) -> datetime:
    """Return when a finished ticket left the open and waiting groups."""
    return ticket.resolved_at or ticket.closed_at or ticket.updated_at


def is_within_reopen_days(ticket: TicketState, now: datetime) -> bool:
    """Return whether a ticket finished at most `TICKET_REOPEN_DAYS` days ago."""
    return now - finished_at(ticket) <= timedelta(days=settings().reopen_days)


def is_reopening(old: str | None, new: str | None) -> bool:
    """Return whether a change from one status to another reopens a finished ticket."""
    return bool(old and new) and Status(old) in DONE_STATUSES and Status(new) not in DONE_STATUSES


def status_after_reply(ticket: TicketState, *, has_assignee: bool) -> Status:
    """Return the status after a reply that resumes or reopens the ticket."""
    if Status(ticket.status).is_done:
        return REOPENED_STATUS
    return IN_WORK_STATUS if has_assignee else ASSIGNED_STATUS


def conditions_hold(row: Transition, ticket: TicketState, now: datetime) -> bool:
    """Return whether the conditions of a row hold for a ticket."""
    return all(
        {
            Condition.NOT_MERGED: ticket.merged_into_id is None,
            Condition.WITHIN_REOPEN_DAYS: is_within_reopen_days(ticket, now),
        }[condition]
        for condition in row.conditions
    )


def possible_statuses(
    cause: Cause, ticket: TicketState, actor: Actor, now: datetime
) -> list[Status]:
    """Return the statuses that an actor may give a ticket by a cause, in the order of `Status`."""
    roles = transition_roles(ticket, actor)
    old = Status(ticket.status)
    statuses: list[Status] = []
    for new in Status:
        row = None if new is old else find_transition(cause, old, new, roles)
        if row is not None and conditions_hold(row, ticket, now):
            statuses.append(new)
    return statuses


def selectable_statuses(ticket: TicketState, actor: Actor, now: datetime) -> list[Status]:
    """Return the statuses that an actor may choose for a ticket now, in the usual order."""
    selectable = {
        *possible_statuses(Cause.CHANGE, ticket, actor, now),
        *possible_statuses(Cause.APPROVAL_REQUEST, ticket, actor, now),
    }
    return [status for status in Status if status in selectable]


class ReplyOutcome(StrEnum):
    """What a public comment does to a ticket.

    - `STATUS_KEPT`: it is added to the conversation, the status stays.
    - `RESUMED`: a ticket that waited for its requester is open or in progress again.
    - `REOPENED`: a resolved or closed ticket is reopened.
    - `FOLLOW_UP`: it becomes a new ticket that is linked to this one.
    - `REJECTED`: it is rejected, as the ticket was merged or the actor may not comment.
    """

    STATUS_KEPT = "kept"
    RESUMED = "resumed"
    REOPENED = "reopened"
    FOLLOW_UP = "follow_up"
    REJECTED = "rejected"


def predict_reply_outcome(ticket: TicketState, actor: Actor, now: datetime) -> ReplyOutcome:
    """Return what a public comment by an actor would do to a ticket now."""
    if ticket.merged_into_id is not None or not actor.can("comment_tickets"):
        return ReplyOutcome.REJECTED
    if TransitionRole.REQUESTER not in transition_roles(ticket, actor):
        return ReplyOutcome.STATUS_KEPT
    status = Status(ticket.status)
    if possible_statuses(Cause.REPLY, ticket, actor, now):
        return ReplyOutcome.REOPENED if status in DONE_STATUSES else ReplyOutcome.RESUMED
    if status in REOPENABLE_BY_REQUESTER and actor.can("create_tickets"):
        return ReplyOutcome.FOLLOW_UP
    return ReplyOutcome.STATUS_KEPT

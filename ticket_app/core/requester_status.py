"""What a requester is told of where their ticket stands: it follows the conversation, too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ticket_app.core.transitions import ReplyOutcome
from ticket_app.core.words import Audience, EntryKind, Group, Status


class Standing(StrEnum):
    """Where a ticket stands, as its requester should read it."""

    RECEIVED = "received"
    READ = "read"
    IN_WORK = "in_work"
    ANSWERED = "answered"
    ANSWERED_IN_WORK = "answered_in_work"
    REPLIED = "replied"
    REPLIED_IN_WORK = "replied_in_work"
    REOPENED = "reopened"
    NEEDS_REPLY = "needs_reply"
    IN_APPROVAL = "in_approval"
    SOLVED = "solved"
    SOLVED_LONG_AGO = "solved_long_ago"
    CLOSED = "closed"
    CLOSED_LONG_AGO = "closed_long_ago"
    DUPLICATE = "duplicate"
    MERGED = "merged"
    NOT_PLANNED = "not_planned"


@dataclass(frozen=True, slots=True)
class Talk:
    """Who has spoken publicly: staff at all, and whether the last word is theirs."""

    staff_answered: bool = False
    staff_spoke_last: bool = False

    @classmethod
    def of(cls, lines: Iterable[Any], requester_id: int) -> Talk:
        """Read from a ticket's timeline, oldest line first."""
        said = [
            line.by_staff and line.actor_id != requester_id
            for line in lines
            if line.kind == EntryKind.COMMENT and line.audience == Audience.PUBLIC
        ]
        return cls(any(said), bool(said) and said[-1])


_FINISHED: dict[Status, tuple[Standing, Standing]] = {
    Status.RESOLVED: (Standing.SOLVED, Standing.SOLVED_LONG_AGO),
    Status.CLOSED: (Standing.CLOSED, Standing.CLOSED_LONG_AGO),
    Status.DUPLICATE: (Standing.DUPLICATE, Standing.DUPLICATE),
    Status.WONT_FIX: (Standing.NOT_PLANNED, Standing.NOT_PLANNED),
}
_UNANSWERED: dict[Status, Standing] = {
    Status.NEW: Standing.RECEIVED,
    Status.OPEN: Standing.READ,
    Status.IN_PROGRESS: Standing.IN_WORK,
    Status.REOPENED: Standing.REOPENED,
}


def standing(ticket: Any, talk: Talk, outcome: ReplyOutcome, *, is_asked: bool = False) -> Standing:
    """Return where a ticket stands for its requester.

    `outcome` is what their reply would do now; `is_asked`: approvers wait for their answer.
    """
    status = Status(ticket.status)
    if ticket.merged_into_id is not None:
        return Standing.MERGED
    if status.group is Group.DONE:
        return _FINISHED[status][outcome is ReplyOutcome.FOLLOW_UP]
    if is_asked or status is Status.PENDING_USER:
        return Standing.NEEDS_REPLY
    if status is Status.PENDING_APPROVAL:
        return Standing.IN_APPROVAL
    in_work = status is Status.IN_PROGRESS
    if talk.staff_spoke_last:
        return Standing.ANSWERED_IN_WORK if in_work else Standing.ANSWERED
    if status is Status.REOPENED or not talk.staff_answered:
        return _UNANSWERED[status]
    return Standing.REPLIED_IN_WORK if in_work else Standing.REPLIED

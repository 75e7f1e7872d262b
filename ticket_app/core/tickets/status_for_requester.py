"""The status of a ticket as its requester reads it, which follows the conversation as well."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from ticket_app.core.platform.vocabulary import Audience, EntryKind, Status
from ticket_app.core.tickets.ticket_state import TicketState
from ticket_app.core.tickets.transitions import ReplyOutcome


class RequesterStatus(StrEnum):
    """The status of a ticket as its requester should read it."""

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


class AuthoredEntry(Protocol):
    """A timeline entry with who wrote it and who may read it."""

    @property
    def kind(self) -> str:
        """A value of `EntryKind`."""
        ...

    @property
    def audience(self) -> str:
        """A value of `Audience`."""
        ...

    @property
    def actor_id(self) -> int | None:
        """The person who wrote it."""
        ...

    @property
    def by_staff(self) -> bool:
        """Whether staff wrote it."""
        ...


@dataclass(frozen=True, slots=True)
class PublicReplies:
    """Whether staff has replied publicly, and whether the last public comment is theirs."""

    has_staff_reply: bool = False
    is_staff_reply_last: bool = False

    @classmethod
    def of(cls, entries: Iterable[AuthoredEntry], requester_id: int) -> PublicReplies:
        """Return what a ticket's timeline entries, oldest first, say about replies."""
        is_staff_reply = [
            entry.by_staff and entry.actor_id != requester_id
            for entry in entries
            if entry.kind == EntryKind.COMMENT and entry.audience == Audience.PUBLIC
        ]
        return cls(any(is_staff_reply), bool(is_staff_reply) and is_staff_reply[-1])


_FINISHED: dict[Status, tuple[RequesterStatus, RequesterStatus]] = {
    Status.RESOLVED: (RequesterStatus.SOLVED, RequesterStatus.SOLVED_LONG_AGO),
    Status.CLOSED: (RequesterStatus.CLOSED, RequesterStatus.CLOSED_LONG_AGO),
    Status.DUPLICATE: (RequesterStatus.DUPLICATE, RequesterStatus.DUPLICATE),
    Status.WONT_FIX: (RequesterStatus.NOT_PLANNED, RequesterStatus.NOT_PLANNED),
}
_UNANSWERED: dict[Status, RequesterStatus] = {
    Status.NEW: RequesterStatus.RECEIVED,
    Status.OPEN: RequesterStatus.READ,
    Status.IN_PROGRESS: RequesterStatus.IN_WORK,
    Status.REOPENED: RequesterStatus.REOPENED,
}


def get_requester_status(
    ticket: TicketState,
    replies: PublicReplies,
    outcome: ReplyOutcome,
    *,
    has_open_question: bool = False,
) -> RequesterStatus:
    """Return the status of a ticket for its requester.

    `outcome` is what their reply would do now. `has_open_question` is whether approvers wait for
    their answer.
    """
    status = Status(ticket.status)
    if ticket.merged_into_id is not None:
        return RequesterStatus.MERGED
    if status.is_done:
        return _FINISHED[status][outcome is ReplyOutcome.FOLLOW_UP]
    if has_open_question or status is Status.PENDING_USER:
        return RequesterStatus.NEEDS_REPLY
    if status is Status.PENDING_APPROVAL:
        return RequesterStatus.IN_APPROVAL
    is_in_progress = status is Status.IN_PROGRESS
    if replies.is_staff_reply_last:
        return RequesterStatus.ANSWERED_IN_WORK if is_in_progress else RequesterStatus.ANSWERED
    if status is Status.REOPENED or not replies.has_staff_reply:
        return _UNANSWERED[status]
    return RequesterStatus.REPLIED_IN_WORK if is_in_progress else RequesterStatus.REPLIED

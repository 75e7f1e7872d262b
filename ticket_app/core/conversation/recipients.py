"""Who is notified of a timeline entry, of what kind, and in which words (MAIL.md).

People whom an entry mentions are notified by `core.timeline.mentions`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from ticket_app.core.notifications.kinds import NotificationKind
from ticket_app.core.platform.vocabulary import Audience, EntryKind, Status
from ticket_app.core.tickets import fields as ticket_fields

EMAIL_CHANNEL = "email"
"""The channel of tickets that were created by an email."""


class Group(Enum):
    """People who are told of an entry because of what they are to its ticket."""

    REQUESTER = auto()
    ASSIGNEE = auto()
    FOLLOWERS = auto()
    STAFF_FOLLOWERS = auto()
    TEAM = auto()
    """Members of its team who chose to hear of the team's tickets."""
    TEAM_IF_UNASSIGNED = auto()


BY_CHOICE = frozenset({Group.TEAM, Group.TEAM_IF_UNASSIGNED})
"""Groups of which only those are told who chose to hear of the tickets of their team."""


class NotifyingEntryRow:
    """A timeline entry with who wrote it, and whether an automatic email brought it."""

    id: int
    at: datetime
    actor_id: int | None
    by_staff: bool
    kind: str
    audience: str
    field: str | None
    new_value: str | None
    old_id: int | None
    new_id: int | None
    actor_name: str | None
    is_automatic: bool | None
    held_since: datetime | None
    """When its author wrote it, if it was held before it was sent."""


class NotifiedTicketRow:
    """The facts of a ticket that decide who is notified."""

    id: int
    requester_id: int
    assignee_id: int | None
    team_id: int | None
    channel: str


@dataclass(frozen=True, slots=True)
class Announcement:
    """One kind of notification about an entry, for groups of people or for one person.

    `message` has the place `{key}` for the number of the ticket.
    """

    kind: NotificationKind
    message: str
    groups: tuple[Group, ...] = ()
    person_id: int | None = None
    includes_author: bool = False
    """Whether somebody is told of what they did: the acknowledgement of a ticket by email."""


STATUS_MESSAGES = {
    Status.RESOLVED: "{key} was resolved",
    Status.CLOSED: "{key} was closed",
    Status.REOPENED: "{key} was reopened",
    Status.PENDING_USER: "{key} is waiting for your reply",
    Status.DUPLICATE: "{key} was closed as a duplicate",
    Status.WONT_FIX: "{key} was closed without a change",
}
"""Changes of status that requester and followers are notified of; of others nobody is."""
ASSIGNEE_AND_FOLLOWERS = (Group.ASSIGNEE, Group.FOLLOWERS)


def announcements_of(ticket: NotifiedTicketRow, entry: NotifyingEntryRow) -> Iterator[Announcement]:
    """Return what is announced of an entry, and to whom."""
    name = entry.actor_name or "The help desk"
    if entry.kind == EntryKind.CREATED:
        yield from _of_created(ticket, entry, name)
    elif entry.kind == EntryKind.COMMENT:
        yield from _of_comment(ticket, entry, name)
    elif entry.kind == EntryKind.CHANGE and entry.field == ticket_fields.STATUS.name:
        message = STATUS_MESSAGES.get(Status(entry.new_value)) if entry.new_value else None
        if message is not None:
            yield Announcement(
                NotificationKind.STATUS_CHANGED, message, (Group.REQUESTER, Group.FOLLOWERS)
            )
    elif entry.kind == EntryKind.CHANGE and entry.field == ticket_fields.ASSIGNEE.name:
        by = f"{name} assigned {{key}}" if entry.by_staff else "{key} was assigned"
        if entry.new_id is not None:
            yield Announcement(NotificationKind.ASSIGNED, f"{by} to you", person_id=entry.new_id)
        if entry.old_id is not None:
            message = f"{by} to another person" if entry.new_id else "{key} was taken from you"
            yield Announcement(NotificationKind.ASSIGNED, message, person_id=entry.old_id)


def _of_created(
    ticket: NotifiedTicketRow, entry: NotifyingEntryRow, name: str
) -> Iterator[Announcement]:
    by_email = ticket.channel == EMAIL_CHANNEL
    is_for_somebody_else = entry.actor_id != ticket.requester_id
    if not entry.is_automatic and (by_email or is_for_somebody_else):
        is_by_requester = not is_for_somebody_else
        yield Announcement(
            NotificationKind.TICKET_CREATED,
            "We have received your request {key}"
            if is_by_requester
            else f"{name} created {{key}} for you",
            (Group.REQUESTER,),
            includes_author=is_by_requester,
        )
    yield Announcement(NotificationKind.TICKET_CREATED, f"{name} created {{key}}", (Group.TEAM,))


def _of_comment(
    ticket: NotifiedTicketRow, entry: NotifyingEntryRow, name: str
) -> Iterator[Announcement]:
    if entry.audience == Audience.INTERNAL:
        yield Announcement(
            NotificationKind.NOTE,
            f"{name} added an internal note to {{key}}",
            (Group.ASSIGNEE, Group.STAFF_FOLLOWERS),
        )
        return
    message = f"{name} replied to {{key}}"
    if entry.by_staff:
        yield Announcement(
            NotificationKind.REPLY, message, (Group.REQUESTER, Group.ASSIGNEE, Group.FOLLOWERS)
        )
        return
    yield Announcement(
        NotificationKind.REQUESTER_REPLY,
        message,
        (*ASSIGNEE_AND_FOLLOWERS, Group.TEAM_IF_UNASSIGNED),
    )
    if entry.actor_id != ticket.requester_id and not entry.is_automatic:
        yield Announcement(NotificationKind.REPLY, message, (Group.REQUESTER,))

"""Notify people of what happened on a ticket, in the background after the change (MAIL.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from datetime import date, datetime, timedelta
from itertools import islice

from sqlalchemy import Executable, and_, bindparam, or_, select

from ticket_app.core.conversation.recipients import (
    BY_CHOICE,
    Announcement,
    Group,
    NotifiedTicketRow,
    NotifyingEntryRow,
    announcements_of,
)
from ticket_app.core.notifications import notifications
from ticket_app.core.notifications.followers import FollowReason
from ticket_app.core.notifications.kinds import NotificationKind
from ticket_app.core.notifications.preferences import NotificationPreferences, read_preferences
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Audience, EntryKind, Role
from ticket_app.core.tickets import snoozing
from ticket_app.settings import settings
from ticket_app.tables import (
    entry_table,
    follower_table,
    held_reply_table,
    incoming_email_table,
    notification_table,
    person_table,
    ticket_table,
)

BATCH_SIZE = 200
"""How many notifications one transaction inserts, which others wait for on SQLite."""
SNOOZE_ENDED_EARLY = "{key}, which you had snoozed, has new activity"

_SELECT_TICKET = select(
    ticket_table.c.id,
    ticket_table.c.key_prefix,
    ticket_table.c.key_number,
    ticket_table.c.opened_on,
    ticket_table.c.day_number,
    ticket_table.c.requester_id,
    ticket_table.c.assignee_id,
    ticket_table.c.team_id,
    ticket_table.c.channel,
).where(ticket_table.c.id == bindparam("ticket_id"), ticket_table.c.deleted_at.is_(None))
ENTRY_COLUMNS = (
    *("id", "at", "actor_id", "by_staff", "kind", "audience"),
    *("field", "new_value", "old_id", "new_id"),
)
"""The columns that decide who is notified; texts of comments are not read."""
_SELECT_ENTRIES = (
    select(
        *(entry_table.c[name] for name in ENTRY_COLUMNS),
        person_table.c.full_name.label("actor_name"),
        incoming_email_table.c.is_automatic,
        held_reply_table.c.created_at.label("held_since"),
    )
    .select_from(
        entry_table.outerjoin(person_table, person_table.c.id == entry_table.c.actor_id)
        .outerjoin(incoming_email_table, incoming_email_table.c.entry_id == entry_table.c.id)
        .outerjoin(
            held_reply_table,
            and_(
                held_reply_table.c.ticket_id == entry_table.c.ticket_id,
                held_reply_table.c.entry_id == entry_table.c.id,
            ),
        )
    )
    .where(
        entry_table.c.id.in_(bindparam("entry_ids", expanding=True)),
        entry_table.c.ticket_id == bindparam("ticket_id"),
        entry_table.c.deleted_at.is_(None),
    )
    .order_by(entry_table.c.id)
)
_SELECT_NOTIFIED = select(notification_table.c.person_id).where(
    notification_table.c.entry_id == bindparam("entry_id")
)
"""Who knows of an entry already, because it mentions them for example."""
_SELECT_PEOPLE = select(person_table.c.id, person_table.c.role, person_table.c.preferences).where(
    person_table.c.is_active
)
_SELECT_PERSON = _SELECT_PEOPLE.where(person_table.c.id == bindparam("person_id"))
_SELECT_TEAM = _SELECT_PEOPLE.where(person_table.c.team_id == bindparam("team_id")).order_by(
    person_table.c.id
)
_SELECT_FOLLOWERS = (
    _SELECT_PEOPLE.join(follower_table, follower_table.c.person_id == person_table.c.id)
    .where(
        follower_table.c.ticket_id == bindparam("ticket_id"),
        follower_table.c.unfollowed_at.is_(None),
        or_(
            follower_table.c.reason != FollowReason.CC,
            follower_table.c.created_at <= bindparam("at"),
        ),
    )
    .order_by(person_table.c.id)
)
_SELECT_UNFOLLOWED = select(follower_table.c.person_id).where(
    follower_table.c.ticket_id == bindparam("ticket_id"),
    follower_table.c.unfollowed_at.is_not(None),
)
CONVERSATION_KINDS = frozenset(
    {
        NotificationKind.TICKET_CREATED,
        NotificationKind.REPLY,
        NotificationKind.REQUESTER_REPLY,
        NotificationKind.NOTE,
        NotificationKind.STATUS_CHANGED,
    }
)
"""What somebody who unfollowed a ticket is not told of by email, whatever they are to it."""
_STATEMENTS: dict[Group, Executable] = {
    Group.REQUESTER: _SELECT_PEOPLE.where(person_table.c.id == bindparam("requester_id")),
    Group.ASSIGNEE: _SELECT_PEOPLE.where(person_table.c.id == bindparam("assignee_id")),
    Group.FOLLOWERS: _SELECT_FOLLOWERS,
    Group.STAFF_FOLLOWERS: _SELECT_FOLLOWERS.where(person_table.c.role != Role.USER),
    Group.TEAM: _SELECT_TEAM,
    Group.TEAM_IF_UNASSIGNED: _SELECT_TEAM,
}


class KeyedTicketRow(NotifiedTicketRow):
    """A ticket with its number."""

    key_prefix: str
    key_number: int
    opened_on: date
    day_number: int


class RecipientRow:
    """A person who may be notified."""

    id: int
    role: str
    preferences: dict[str, object]


def distribute(uow: UnitOfWork, ticket_id: int, entry_ids: Sequence[int]) -> None:
    """Notify everybody who should hear of these entries of a ticket, in this transaction."""
    for batch in list_batches(uow, ticket_id, entry_ids):
        notifications.insert_notifications(uow, batch)
    end_snoozes(uow, ticket_id, entry_ids)


def list_batches(
    uow: UnitOfWork, ticket_id: int, entry_ids: Sequence[int]
) -> Iterator[Sequence[dict[str, object]]]:
    """Yield the notifications that these entries of a ticket make, at most `BATCH_SIZE` at a time.

    Only reads; `notifications.insert_notifications` writes each batch. Safe to repeat if some
    batches were written: people who have a notification for an entry, such as those it mentions,
    get no other one. Nobody is notified of what they did themselves, and requesters never of
    internal entries.
    """
    ticket = uow.first_row(_SELECT_TICKET, {"ticket_id": ticket_id}, of=KeyedTicketRow)
    if ticket is None:
        return
    key = ticket_numbers.format_key(ticket)
    values = {"entry_ids": list(entry_ids), "ticket_id": ticket_id}
    unfollowed = frozenset(uow.connection.execute(_SELECT_UNFOLLOWED, values).scalars())
    for entry in uow.all_rows(_SELECT_ENTRIES, values, of=NotifyingEntryRow):
        seen = {*uow.connection.execute(_SELECT_NOTIFIED, {"entry_id": entry.id}).scalars()}
        for announcement in announcements_of(ticket, entry):
            rows = _build_notifications(uow, ticket, entry, announcement, key, seen, unfollowed)
            while batch := list(islice(rows, BATCH_SIZE)):
                yield batch


def end_snoozes(uow: UnitOfWork, ticket_id: int, entry_ids: Sequence[int]) -> None:
    """Bring a ticket back to the people who snoozed it before these entries.

    Call it after the notifications were written: those who have one for the entry get no other.
    """
    ticket = uow.first_row(_SELECT_TICKET, {"ticket_id": ticket_id}, of=KeyedTicketRow)
    if ticket is None:
        return
    values = {"entry_ids": list(entry_ids), "ticket_id": ticket_id}
    for entry in uow.all_rows(_SELECT_ENTRIES, values, of=NotifyingEntryRow):
        woken = snoozing.end_for_activity(uow, ticket_id, author_id=entry.actor_id, at=entry.at)
        notified = {*uow.connection.execute(_SELECT_NOTIFIED, {"entry_id": entry.id}).scalars()}
        for person_id in woken:
            if person_id not in notified:
                notifications.notify(
                    uow,
                    person_id,
                    NotificationKind.SNOOZE_ENDED,
                    SNOOZE_ENDED_EARLY.format(key=ticket_numbers.format_key(ticket)),
                    ticket_id=ticket_id,
                    entry_id=entry.id,
                )


def _build_notifications(
    uow: UnitOfWork,
    ticket: NotifiedTicketRow,
    entry: NotifyingEntryRow,
    announcement: Announcement,
    key: str,
    seen: set[int],
    unfollowed: Set[int],
) -> Iterator[dict[str, object]]:
    """Yield the values of the notifications that an announcement makes; `seen` were notified."""
    message = announcement.message.format(key=key)
    is_internal = entry.audience == Audience.INTERNAL
    for person, is_by_choice in _find_people(uow, ticket, entry, announcement):
        is_author = person.id == entry.actor_id and not announcement.includes_author
        if person.id in seen or is_author:
            continue
        is_staff = Role(person.role).is_staff
        preferences = read_preferences(person.preferences, is_staff=is_staff)
        if (is_internal and not is_staff) or (is_by_choice and not preferences.team_tickets):
            continue
        seen.add(person.id)
        # Email about an automatic reply could be answered by another machine.
        is_automatic_reply = bool(entry.is_automatic) and entry.kind == EntryKind.COMMENT
        is_unwanted = person.id in unfollowed and announcement.kind in CONVERSATION_KINDS
        values = notifications.build_values(
            person.id,
            announcement.kind,
            message,
            preferences,
            entry.at,
            without_email=is_automatic_reply or is_unwanted,
        )
        if values is not None:
            if entry.held_since is not None and values["email_due_at"] is not None:
                values["email_due_at"] = _held_email_due_at(preferences, entry.at, entry.held_since)
            yield values | {
                "ticket_id": ticket.id,
                "entry_id": entry.id,
                "actor_id": entry.actor_id,
            }


def _held_email_due_at(
    preferences: NotificationPreferences, sent_at: datetime, held_since: datetime
) -> datetime:
    """Return when the email about a reply is sent that was held before it was sent.

    Its email waits for the later of both holds, not for one after the other.
    """
    hold = timedelta(seconds=settings().mail_hold_seconds)
    return preferences.email_due_at(max(held_since, sent_at - hold))


def _find_people(
    uow: UnitOfWork,
    ticket: NotifiedTicketRow,
    entry: NotifyingEntryRow,
    announcement: Announcement,
) -> Iterator[tuple[RecipientRow, bool]]:
    """Yield people with whether they hear of it only if they chose the tickets of their team."""

    values = {
        "ticket_id": ticket.id,
        "requester_id": ticket.requester_id,
        "assignee_id": ticket.assignee_id,
        "team_id": ticket.team_id,
        "at": entry.at,
    }
    if announcement.person_id is not None:
        about = {"person_id": announcement.person_id}
        for person in uow.all_rows(_SELECT_PERSON, about, of=RecipientRow):
            yield person, False
    for group in announcement.groups:
        if group is Group.TEAM_IF_UNASSIGNED and ticket.assignee_id is not None:
            continue
        for person in uow.all_rows(_STATEMENTS[group], values, of=RecipientRow):
            yield person, group in BY_CHOICE

"""Notifications to people: create, list and count them, and mark them as read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, case, func, select, update

from ticket_app.core.notifications.kinds import Channel, NotificationKind
from ticket_app.core.notifications.preferences import NotificationPreferences, read_preferences
from ticket_app.core.notifications.rows import NotificationRow
from ticket_app.core.platform import outbox
from ticket_app.core.platform.access_policy import visibility_condition, visibility_parameters
from ticket_app.core.platform.batch_deletes import delete_batch
from ticket_app.core.platform.email_states import EmailState
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.row_inserts import insert_missing
from ticket_app.core.platform.ticket_numbers import parse_reference
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Role
from ticket_app.tables import (
    notification_table,
    person_table,
    push_subscription_table,
    ticket_table,
)

RETENTION = timedelta(days=90)
MAX_MESSAGE_LENGTH = 300
PUSH_TOPIC = "notifications.push"
"""People (`person_ids`) whose installed apps are told of new notifications (`web_push`)."""


_SELECT_RECIPIENT = select(person_table.c.role, person_table.c.preferences).where(
    person_table.c.id == bindparam("recipient_id"), person_table.c.is_active
)


class RecipientRow:
    """The role and preferences of a person who is notified."""

    role: str
    preferences: dict[str, object]


def notify(
    uow: UnitOfWork,
    person_id: int,
    kind: NotificationKind,
    message: str,
    *,
    ticket_id: int | None = None,
    entry_id: int | None = None,
) -> None:
    """Create a notification for one person, unless that person is the actor.

    One person has at most one notification of a kind for a timeline entry. It reaches them by the
    channels that they chose for the kind, or not at all if they chose none. `message` is one
    sentence, cut at 300 characters. It must not reveal the content of a ticket: whether the person
    may see the ticket is checked when the notification is read.
    """
    actor_id = uow.actor.id if uow.has_actor else None
    if person_id == actor_id:
        return
    recipient = uow.first_row(_SELECT_RECIPIENT, {"recipient_id": person_id}, of=RecipientRow)
    if recipient is None:
        return
    preferences = read_preferences(recipient.preferences, is_staff=Role(recipient.role).is_staff)
    values = build_values(person_id, kind, message, preferences, uow.now)
    if values is not None:
        values |= {"ticket_id": ticket_id, "entry_id": entry_id, "actor_id": actor_id}
        insert_notifications(uow, [values])


_SELECT_PUSHED_PEOPLE = (
    select(push_subscription_table.c.person_id)
    .where(push_subscription_table.c.person_id.in_(bindparam("people", expanding=True)))
    .distinct()
)


def insert_notifications(uow: UnitOfWork, rows: Sequence[dict[str, object]]) -> None:
    """Insert notifications, except those that exist, and wake the installed apps of their people.

    `rows` are values as `build_values` returns them, completed.
    """
    insert_missing(uow, notification_table, rows)
    people = [row["person_id"] for row in rows if row["is_in_app"]]
    pushed = uow.connection.execute(_SELECT_PUSHED_PEOPLE, {"people": people}).scalars().all()
    if pushed:
        outbox.enqueue(uow, PUSH_TOPIC, person_ids=list(pushed))


def build_values(
    person_id: int,
    kind: NotificationKind,
    message: str,
    preferences: NotificationPreferences,
    at: datetime,
    *,
    without_email: bool = False,
) -> dict[str, object] | None:
    """Return the values of a notification by the channels that the person chose, or None.

    `at` is when it happened; `without_email` sends none, whatever they chose. The caller adds
    `ticket_id`, `entry_id` and `actor_id`.
    """
    is_in_app = preferences.is_on(kind, Channel.APP) or preferences.is_on(kind, Channel.BROWSER)
    by_email = preferences.is_on(kind, Channel.EMAIL) and not without_email
    if not is_in_app and not by_email:
        return None
    return {
        "person_id": person_id,
        "kind": kind,
        "message": message[:MAX_MESSAGE_LENGTH],
        "created_at": at,
        "is_in_app": is_in_app,
        "email_state": EmailState.WAITING if by_email else EmailState.NONE,
        "email_due_at": preferences.email_due_at(at) if by_email else None,
    }


def _is_own_and_visible(uow: UnitOfWork) -> ColumnElement[bool]:
    """Return the conditions for the actor's notifications about tickets that the actor may see."""
    is_ticket_visible = (
        select(ticket_table.c.id)
        .where(ticket_table.c.id == notification_table.c.ticket_id, visibility_condition(uow.actor))
        .correlate(notification_table)
        .exists()
    )
    return (
        (notification_table.c.person_id == bindparam("me"))
        & notification_table.c.is_in_app
        & (notification_table.c.ticket_id.is_(None) | is_ticket_visible)
    )


def _query_values(uow: UnitOfWork) -> dict[str, object]:
    return {"me": uow.actor.id, **visibility_parameters(uow.actor)}


_SELECT_NOTIFICATIONS = (
    select(
        *(
            column
            for column in notification_table.c
            if column.name not in {"is_in_app", "email_state", "email_due_at"}
        ),
        ticket_table.c.key_prefix,
        ticket_table.c.key_number,
        ticket_table.c.opened_on,
        ticket_table.c.day_number,
        ticket_table.c.title,
        person_table.c.full_name.label("actor_name"),
    )
    .select_from(
        notification_table.outerjoin(
            ticket_table, ticket_table.c.id == notification_table.c.ticket_id
        ).outerjoin(person_table, person_table.c.id == notification_table.c.actor_id)
    )
    .order_by(notification_table.c.id.desc())
)


def list_own(
    uow: UnitOfWork,
    *,
    limit: int = 50,
    before_id: int | None = None,
    after_id: int | None = None,
    offset: int = 0,
    unread_only: bool = False,
) -> Sequence[NotificationRow]:
    """Return the actor's notifications, newest first, with their tickets and who caused them.

    `limit` is at most 100; `before_id` or `offset` continue a list; `after_id` leaves out those
    that are not newer.
    """
    statement = (
        _SELECT_NOTIFICATIONS.where(_is_own_and_visible(uow))
        .limit(max(1, min(limit, 100)))
        .offset(offset)
    )
    if before_id is not None:
        statement = statement.where(notification_table.c.id < before_id)
    if after_id is not None:
        statement = statement.where(notification_table.c.id > after_id)
    if unread_only:
        statement = statement.where(notification_table.c.read_at.is_(None))
    return uow.all_rows(statement, _query_values(uow), of=NotificationRow)


def get_own(uow: UnitOfWork, notification_id: int) -> NotificationRow:
    """Return one of the actor's notifications. Raises `NotFound`."""
    row = uow.first_row(
        _SELECT_NOTIFICATIONS.where(
            _is_own_and_visible(uow), notification_table.c.id == notification_id
        ),
        _query_values(uow),
        of=NotificationRow,
    )
    if row is None:
        raise NotFound("Notification")
    return row


def count_own(uow: UnitOfWork, *, unread_only: bool = False) -> int:
    """Count the actor's notifications."""
    statement = select(func.count()).select_from(notification_table).where(_is_own_and_visible(uow))
    if unread_only:
        statement = statement.where(notification_table.c.read_at.is_(None))
    return int(uow.connection.execute(statement, _query_values(uow)).scalar_one())


def count_unread(uow: UnitOfWork) -> int:
    """Count the actor's unread notifications."""
    return count_own(uow, unread_only=True)


def _read_values(uow: UnitOfWork) -> dict[str, object]:
    """Mark as read; email that waits is not sent any more."""
    was_waiting = notification_table.c.email_state == EmailState.WAITING
    return {
        "read_at": uow.now,
        "email_state": case(
            (was_waiting, EmailState.DROPPED), else_=notification_table.c.email_state
        ),
    }


def mark_read(uow: UnitOfWork, notification_id: int) -> None:
    """Mark one of the actor's notifications as read. Raises `NotFound`."""
    get_own(uow, notification_id)
    mark_read_by_ids(uow, [notification_id])


def mark_all_read(uow: UnitOfWork) -> int:
    """Mark all of the actor's notifications as read and return how many were unread."""
    statement = update(notification_table).where(
        notification_table.c.person_id == uow.actor.id, notification_table.c.read_at.is_(None)
    )
    return uow.connection.execute(statement.values(_read_values(uow))).rowcount


_SELECT_UNREAD_IDS = (
    select(notification_table.c.id)
    .select_from(
        notification_table.join(ticket_table, ticket_table.c.id == notification_table.c.ticket_id)
    )
    .where(
        notification_table.c.person_id == bindparam("me"), notification_table.c.read_at.is_(None)
    )
)
_SELECT_UNREAD_IDS_OF_TICKET = select(notification_table.c.id).where(
    notification_table.c.person_id == bindparam("me"),
    notification_table.c.ticket_id == bindparam("about"),
    notification_table.c.read_at.is_(None),
)


def list_unread_ids(uow: UnitOfWork, ticket_id: int) -> Sequence[int]:
    """Return the ids of the actor's unread notifications about a ticket, by any channel."""
    values = {"me": uow.actor.id, "about": ticket_id}
    return uow.connection.execute(_SELECT_UNREAD_IDS_OF_TICKET, values).scalars().all()


def mark_ticket_read(uow: UnitOfWork, ticket_id: int) -> None:
    """Record that the actor has read a ticket: its notifications, and email that still waits."""
    statement = update(notification_table).where(
        notification_table.c.ticket_id == ticket_id,
        notification_table.c.person_id == uow.actor.id,
        notification_table.c.read_at.is_(None),
    )
    uow.connection.execute(statement.values(_read_values(uow)))


_DROP_WAITING_EMAIL = (
    update(notification_table)
    .where(
        notification_table.c.ticket_id == bindparam("on_ticket"),
        notification_table.c.person_id == bindparam("recipient_id"),
        notification_table.c.email_state == EmailState.WAITING,
    )
    .values(email_state=EmailState.DROPPED)
)


def drop_waiting_email(uow: UnitOfWork, ticket_id: int, person_id: int) -> None:
    """Send a person no email about what has happened on a ticket so far; it stays unread."""
    values = {"on_ticket": ticket_id, "recipient_id": person_id}
    uow.connection.execute(_DROP_WAITING_EMAIL, values)


def list_unread_tickets(uow: UnitOfWork, ticket_ids: Sequence[int]) -> frozenset[int]:
    """Return which of these tickets have unread notifications of the actor in the app."""
    if not ticket_ids:
        return frozenset()
    statement = select(notification_table.c.ticket_id).where(
        notification_table.c.person_id == uow.actor.id,
        notification_table.c.read_at.is_(None),
        notification_table.c.is_in_app,
        notification_table.c.ticket_id.in_(ticket_ids),
    )
    return frozenset(uow.connection.execute(statement.distinct()).scalars())


def list_unread_entry_ids(uow: UnitOfWork, ticket_id: int) -> Sequence[int]:
    """Return the timeline entries of a ticket that the actor has not read, oldest first."""
    statement = (
        select(notification_table.c.entry_id)
        .where(
            notification_table.c.person_id == uow.actor.id,
            notification_table.c.ticket_id == ticket_id,
            notification_table.c.read_at.is_(None),
            notification_table.c.entry_id.is_not(None),
        )
        .distinct()
        .order_by(notification_table.c.entry_id)
    )
    return [int(entry_id) for entry_id in uow.connection.execute(statement).scalars() if entry_id]


def list_unread_ids_of_ticket(uow: UnitOfWork, reference: str) -> list[int]:
    """Return the ids of the actor's unread notifications about a ticket, given any reference."""
    ticket_reference = parse_reference(reference)
    if ticket_reference is None:
        return []
    statement = _SELECT_UNREAD_IDS.where(ticket_reference.condition())
    return list(uow.connection.execute(statement, {"me": uow.actor.id}).scalars())


def mark_read_by_ids(uow: UnitOfWork, ids: Sequence[int]) -> None:
    """Mark these notifications as read; ids of other people's notifications have no effect."""
    statement = update(notification_table).where(
        notification_table.c.id.in_(ids),
        notification_table.c.person_id == uow.actor.id,
        notification_table.c.read_at.is_(None),
    )
    uow.connection.execute(statement.values(_read_values(uow)))


_UPDATE_APPROVAL_NOTIFICATIONS = update(notification_table).where(
    notification_table.c.person_id.in_(bindparam("person_ids", expanding=True)),
    notification_table.c.ticket_id == bindparam("about"),
    notification_table.c.kind == NotificationKind.APPROVAL_REQUESTED,
    notification_table.c.read_at.is_(None),
)


def mark_approval_requests_read(uow: UnitOfWork, ticket_id: int, person_ids: Iterable[int]) -> None:
    """Mark the unread approval notifications of these people about a ticket as read."""
    values = {"person_ids": sorted(set(person_ids)), "about": ticket_id}
    uow.connection.execute(_UPDATE_APPROVAL_NOTIFICATIONS.values(_read_values(uow)), values)


def delete_expired_batch(uow: UnitOfWork) -> int:
    """Delete a batch of notifications older than `RETENTION`; return how many."""
    is_expired = notification_table.c.created_at <= uow.now - RETENTION
    return delete_batch(uow, notification_table, is_expired)

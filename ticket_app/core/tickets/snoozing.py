"""Put a ticket aside until a moment: it leaves the person's lists and comes back by itself.

A snooze belongs to one person: colleagues still see the ticket in their lists. It ends when its
time has come, or before that when somebody else does something on the ticket.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Executable, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from ticket_app.core.notifications import notifications
from ticket_app.core.notifications.kinds import NotificationKind
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.sql_types import DialectInsert
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import ticket_lookup
from ticket_app.core.tickets.rows import DueSnoozeRow
from ticket_app.tables import snooze_table, ticket_table

MAX_SNOOZE: Final = timedelta(days=366)
END_BATCH_SIZE: Final = 200
"""How many snoozes end in one transaction."""
SNOOZE_ENDED: Final = "{key}, which you had snoozed, is back"


def _build_upsert(insert: DialectInsert) -> Executable:
    statement = insert(snooze_table)
    return statement.on_conflict_do_update(
        index_elements=[snooze_table.c.person_id, snooze_table.c.ticket_id],
        set_={"until": statement.excluded.until, "created_at": statement.excluded.created_at},
    )


_UPSERT = {
    "sqlite": _build_upsert(sqlite.insert),
    "postgresql": _build_upsert(postgresql.insert),
}
_IS_OWN = (
    snooze_table.c.person_id == bindparam("snoozer_id"),
    snooze_table.c.ticket_id == bindparam("snoozed_id"),
)
_SELECT_OWN = select(snooze_table.c.until).where(*_IS_OWN, snooze_table.c.until > bindparam("now"))
_DELETE_OWN = delete(snooze_table).where(*_IS_OWN)
_SELECT_ANY_OWN = (
    select(snooze_table.c.ticket_id)
    .where(
        snooze_table.c.person_id == bindparam("snoozer_id"),
        snooze_table.c.until > bindparam("now"),
    )
    .limit(1)
)
_SELECT_OF_TICKET = (
    select(snooze_table.c.person_id)
    .where(snooze_table.c.ticket_id == bindparam("snoozed_id"))
    .limit(1)
)
_END_FOR_ACTIVITY = (
    delete(snooze_table)
    .where(
        snooze_table.c.ticket_id == bindparam("snoozed_id"),
        snooze_table.c.person_id != bindparam("author_id"),
        snooze_table.c.created_at <= bindparam("at"),
    )
    .returning(snooze_table.c.person_id)
)
_SELECT_DUE = (
    select(
        snooze_table.c.person_id,
        ticket_table.c.id,
        ticket_table.c.key_prefix,
        ticket_table.c.key_number,
        ticket_table.c.opened_on,
        ticket_table.c.day_number,
        ticket_table.c.deleted_at,
    )
    .select_from(snooze_table.join(ticket_table, ticket_table.c.id == snooze_table.c.ticket_id))
    .where(snooze_table.c.until <= bindparam("now"))
    .order_by(snooze_table.c.until, snooze_table.c.person_id, snooze_table.c.ticket_id)
    .limit(END_BATCH_SIZE)
)
_END = delete(snooze_table).where(*_IS_OWN, snooze_table.c.until <= bindparam("now"))


def snooze(uow: UnitOfWork, ticket_id: int, until: datetime) -> None:
    """Hide a ticket from the actor's lists of open tickets until a moment; replaces an earlier one.

    Raises `Forbidden` for requesters, `NotFound`, and `Invalid` for a moment that is past or more
    than a year ahead.
    """
    uow.actor.require("work_tickets", "snooze tickets")
    ticket_lookup.read_ticket(uow, ticket_id, "summary")
    if until <= uow.now:
        raise Invalid("until", "must be in the future")
    if until > uow.now + MAX_SNOOZE:
        raise Invalid("until", "must be within a year")
    uow.connection.execute(
        _UPSERT[uow.connection.dialect.name],
        {
            "person_id": uow.actor.id,
            "ticket_id": ticket_id,
            "until": until,
            "created_at": uow.now,
        },
    )


def snooze_several(uow: UnitOfWork, ticket_ids: Sequence[int], until: datetime) -> None:
    """Snooze tickets, all or none. Raises the errors of `snooze`."""
    for ticket_id in ticket_ids:
        snooze(uow, ticket_id, until)


def end_snooze(uow: UnitOfWork, ticket_ids: Sequence[int]) -> None:
    """Show tickets in the actor's lists again; those that are not snoozed stay as they are."""
    for ticket_id in ticket_ids:
        uow.connection.execute(_DELETE_OWN, {"snoozer_id": uow.actor.id, "snoozed_id": ticket_id})


def find_snooze(uow: UnitOfWork, ticket_id: int) -> datetime | None:
    """Return until when the actor has snoozed a ticket, or None."""
    values = {"snoozer_id": uow.actor.id, "snoozed_id": ticket_id, "now": uow.now}
    return uow.connection.execute(_SELECT_OWN, values).scalar()


def has_snoozed_tickets(uow: UnitOfWork) -> bool:
    """Return whether the actor has snoozed any ticket."""
    values = {"snoozer_id": uow.actor.id, "now": uow.now}
    return uow.connection.execute(_SELECT_ANY_OWN, values).first() is not None


def is_snoozed_by_anyone(uow: UnitOfWork, ticket_id: int) -> bool:
    """Return whether somebody has snoozed a ticket."""
    return uow.connection.execute(_SELECT_OF_TICKET, {"snoozed_id": ticket_id}).first() is not None


def end_for_activity(
    uow: UnitOfWork, ticket_id: int, *, author_id: int | None, at: datetime
) -> list[int]:
    """End the snoozes that began before something happened on a ticket; return whose they were.

    The author's own snooze goes on.
    """
    values = {"snoozed_id": ticket_id, "author_id": author_id or 0, "at": at}
    return list(uow.connection.execute(_END_FOR_ACTIVITY, values).scalars())


def has_due(uow: UnitOfWork) -> bool:
    """Return whether the time of a snooze has come."""
    return uow.connection.execute(_SELECT_DUE.limit(1), {"now": uow.now}).first() is not None


def end_due(uow: UnitOfWork) -> int:
    """End up to `END_BATCH_SIZE` snoozes whose time has come and notify their people.

    Returns how many were due.
    """
    due = uow.all_rows(_SELECT_DUE, {"now": uow.now}, of=DueSnoozeRow)
    for row in due:
        values = {"snoozer_id": row.person_id, "snoozed_id": row.id, "now": uow.now}
        if not uow.connection.execute(_END, values).rowcount:
            continue  # the person has snoozed it again, or somebody else has ended it
        if row.deleted_at is None:
            message = SNOOZE_ENDED.format(key=ticket_numbers.format_key(row))
            notifications.notify(
                uow,
                row.person_id,
                NotificationKind.SNOOZE_ENDED,
                message,
                ticket_id=row.id,
            )
    return len(due)

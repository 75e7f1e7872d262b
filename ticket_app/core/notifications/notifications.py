"""What people are told: that somebody named them, waits for them, or that something is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from ticket_app.core.platform.access_policy import viewer, visible
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.ticket_numbers import read_reference
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.tables import notification_table, person_table, ticket_table

KEPT_FOR = timedelta(days=90)
LONGEST = 300


class Notice(StrEnum):
    """Why somebody is told."""

    MENTION = "mention"
    APPROVAL = "approval"
    SERVICE_LEVEL = "service_level"
    WEBHOOK = "webhook"
    REOPENED = "reopened"
    REPLY = "reply"


_TELL = insert(notification_table)


def tell(
    desk: Desk,
    person_id: int,
    kind: Notice,
    says: str,
    *,
    ticket_id: int | None = None,
    entry_id: int | None = None,
) -> None:
    """Tell one person something, in this transaction; nobody is told of what they did themselves.

    `says` is a sentence of at most 300 characters that gives away nothing of a ticket's content:
    whether the person may see the ticket is asked when they read it.
    """
    actor_id = desk.actor.id if desk.has_actor else None
    if person_id == actor_id:
        return
    desk.db.execute(
        _TELL,
        {
            "person_id": person_id,
            "kind": kind,
            "ticket_id": ticket_id,
            "entry_id": entry_id,
            "actor_id": actor_id,
            "says": says[:LONGEST],
            "created_at": desk.now,
        },
    )


def _mine(desk: Desk) -> Any:
    """One's own notices, but for those of tickets one may not see (any more)."""
    seen = (
        select(ticket_table.c.id)
        .where(ticket_table.c.id == notification_table.c.ticket_id, visible(desk.actor))
        .correlate(notification_table)
        .exists()
    )
    return (notification_table.c.person_id == bindparam("me")) & (
        notification_table.c.ticket_id.is_(None) | seen
    )


def _me(desk: Desk) -> dict[str, Any]:
    return {"me": desk.actor.id, **viewer(desk.actor)}


_ROWS = (
    select(
        notification_table,
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


def mine(
    desk: Desk,
    *,
    most: int = 50,
    before: int | None = None,
    offset: int = 0,
    unread: bool = False,
) -> Sequence[Any]:
    """One's own notices, the newest first: id, kind, says, created_at, read_at, entry_id, the
    ticket's id, numbers and title, and who did it (actor_name).

    `before` is the id to go on from, or `offset` how many to pass over; `most` is at most 100.
    """
    statement = _ROWS.where(_mine(desk)).limit(max(1, min(most, 100))).offset(offset)
    if before is not None:
        statement = statement.where(notification_table.c.id < before)
    if unread:
        statement = statement.where(notification_table.c.read_at.is_(None))
    return desk.db.execute(statement, _me(desk)).all()


def one(desk: Desk, notice_id: int) -> Any:
    """One of one's own notices, as `mine` tells it. Raises `NotFound`."""
    row = desk.db.execute(
        _ROWS.where(_mine(desk), notification_table.c.id == notice_id), _me(desk)
    ).first()
    if row is None:
        raise NotFound("Notification")
    return row


def count(desk: Desk, *, unread: bool = False) -> int:
    """How many notices one has."""
    statement = select(func.count()).select_from(notification_table).where(_mine(desk))
    if unread:
        statement = statement.where(notification_table.c.read_at.is_(None))
    return int(desk.db.execute(statement, _me(desk)).scalar_one())


def unread(desk: Desk) -> int:
    """How many of one's own notices one has not read."""
    return count(desk, unread=True)


def read(desk: Desk, notice_id: int) -> None:
    """One of one's own notices has been read. Raises `NotFound`."""
    one(desk, notice_id)
    desk.db.execute(
        update(notification_table)
        .where(notification_table.c.id == notice_id, notification_table.c.read_at.is_(None))
        .values(read_at=desk.now)
    )


def read_all(desk: Desk) -> int:
    """All of one's own notices have been read; how many were not."""
    chosen = update(notification_table).where(
        notification_table.c.person_id == desk.actor.id, notification_table.c.read_at.is_(None)
    )
    return desk.db.execute(chosen.values(read_at=desk.now)).rowcount


_ABOUT = (
    select(notification_table.c.id)
    .select_from(
        notification_table.join(ticket_table, ticket_table.c.id == notification_table.c.ticket_id)
    )
    .where(
        notification_table.c.person_id == bindparam("me"), notification_table.c.read_at.is_(None)
    )
)


def unread_about(desk: Desk, reference: str) -> list[int]:
    """The ids of one's own unread notices about one ticket, named by any of its numbers."""
    found = read_reference(reference)
    if found is None:
        return []
    chosen = _ABOUT.where(found.condition())
    return list(desk.db.execute(chosen, {"me": desk.actor.id}).scalars())


def read_these(desk: Desk, ids: Sequence[int]) -> None:
    """Some of one's own notices have been read; others' are left alone."""
    chosen = update(notification_table).where(
        notification_table.c.id.in_(ids),
        notification_table.c.person_id == desk.actor.id,
        notification_table.c.read_at.is_(None),
    )
    desk.db.execute(chosen.values(read_at=desk.now))


_ASKED = update(notification_table).where(
    notification_table.c.person_id.in_(bindparam("people", expanding=True)),
    notification_table.c.ticket_id == bindparam("about"),
    notification_table.c.kind == Notice.APPROVAL,
    notification_table.c.read_at.is_(None),
)


def settle_approvals(desk: Desk, ticket_id: int, people: Iterable[int]) -> None:
    """People need not read any more that their approval of a ticket was asked for."""
    told = {"people": sorted(set(people)), "about": ticket_id}
    desk.db.execute(_ASKED.values(read_at=desk.now), told)


def sweep(desk: Desk) -> int:
    """Throw away notices of a quarter ago; how many."""
    return desk.db.execute(
        delete(notification_table).where(notification_table.c.created_at <= desk.now - KEPT_FOR)
    ).rowcount

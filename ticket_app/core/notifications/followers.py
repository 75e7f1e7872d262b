"""Who follows a ticket: participants, people in Cc, and whoever chooses to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, delete, select, update

from ticket_app.core.platform.row_inserts import insert_missing
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.tables import follower_table, person_table


class FollowReason(StrEnum):
    """Why a person follows a ticket."""

    PARTICIPANT = "participant"
    CC = "cc"
    CHOSEN = "chosen"


class FollowerRow:
    """A follower of a ticket, with their name and role."""

    person_id: int
    reason: str
    created_at: datetime
    username: str
    first_name: str
    last_name: str
    full_name: str
    email: str
    role: str


_IS_OF_PERSON = (
    follower_table.c.ticket_id == bindparam("on_ticket"),
    follower_table.c.person_id == bindparam("follower"),
)
_SELECT_FOLLOWING = select(follower_table.c.unfollowed_at).where(*_IS_OF_PERSON)
_UPDATE_FOLLOWER = update(follower_table).where(*_IS_OF_PERSON)
_DELETE_COPIED = delete(follower_table).where(
    *_IS_OF_PERSON,
    follower_table.c.reason == FollowReason.CC,
    follower_table.c.unfollowed_at.is_(None),
)
_SELECT_FOLLOWERS = (
    select(
        follower_table.c.person_id,
        follower_table.c.reason,
        follower_table.c.created_at,
        person_table.c.username,
        person_table.c.first_name,
        person_table.c.last_name,
        person_table.c.full_name,
        person_table.c.email,
        person_table.c.role,
    )
    .select_from(follower_table.join(person_table, person_table.c.id == follower_table.c.person_id))
    .where(
        follower_table.c.ticket_id == bindparam("on_ticket"),
        follower_table.c.unfollowed_at.is_(None),
        person_table.c.is_active,
    )
    .order_by(follower_table.c.id)
    .limit(bindparam("limit"))
)


def follow(uow: UnitOfWork, ticket_id: int, person_id: int, reason: FollowReason) -> None:
    """Make a person follow a ticket.

    Somebody who stopped following follows again only by their own choice (`CHOSEN`).
    """
    values = {"on_ticket": ticket_id, "follower": person_id}
    row = uow.connection.execute(_SELECT_FOLLOWING, values).first()
    if row is None:
        new_row = {
            "ticket_id": ticket_id,
            "person_id": person_id,
            "reason": reason,
            "created_at": uow.now,
        }
        insert_missing(uow, follower_table, [new_row])
    elif row.unfollowed_at is not None and reason is FollowReason.CHOSEN:
        statement = _UPDATE_FOLLOWER.values(unfollowed_at=None, reason=reason, created_at=uow.now)
        uow.connection.execute(statement, values)


def unfollow(uow: UnitOfWork, ticket_id: int, person_id: int) -> None:
    """Make a person stop following a ticket, also one that they would follow as a participant."""
    follow(uow, ticket_id, person_id, FollowReason.PARTICIPANT)
    values = {"on_ticket": ticket_id, "follower": person_id}
    uow.connection.execute(_UPDATE_FOLLOWER.values(unfollowed_at=uow.now), values)


def forget_follower(uow: UnitOfWork, ticket_id: int, person_id: int) -> None:
    """Forget that a person follows a ticket, as if they never had; they may become one again."""
    uow.connection.execute(
        delete(follower_table).where(*_IS_OF_PERSON),
        {"on_ticket": ticket_id, "follower": person_id},
    )


def has_unfollowed(uow: UnitOfWork, ticket_id: int, person_id: int) -> bool:
    """Return whether a person has chosen to stop following a ticket."""
    values = {"on_ticket": ticket_id, "follower": person_id}
    row = uow.connection.execute(_SELECT_FOLLOWING, values).first()
    return row is not None and row.unfollowed_at is not None


def remove_copied(uow: UnitOfWork, ticket_id: int, person_id: int) -> bool:
    """Take a person out of Cc; return whether they were in it. They take no part any more."""
    values = {"on_ticket": ticket_id, "follower": person_id}
    return bool(uow.connection.execute(_DELETE_COPIED, values).rowcount)


def is_following(uow: UnitOfWork, ticket_id: int, person_id: int) -> bool:
    """Return whether a person follows a ticket."""
    values = {"on_ticket": ticket_id, "follower": person_id}
    row = uow.connection.execute(_SELECT_FOLLOWING, values).first()
    return row is not None and row.unfollowed_at is None


def list_followers(uow: UnitOfWork, ticket_id: int, *, limit: int = 200) -> Sequence[FollowerRow]:
    """Return at most `limit` followers of a ticket, in the order in which they began."""
    values = {"on_ticket": ticket_id, "limit": limit}
    return uow.all_rows(_SELECT_FOLLOWERS, values, of=FollowerRow)

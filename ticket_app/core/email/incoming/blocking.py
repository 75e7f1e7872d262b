"""Addresses and domains whose email is not accepted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from ticket_app.core.email import own_addresses
from ticket_app.core.platform.email_addresses import MAX_EMAIL_LENGTH, is_email_address
from ticket_app.core.platform.errors import Invalid, NotFound
from ticket_app.core.platform.row_inserts import insert_missing
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.tables import blocked_sender_table, person_table

_DOMAIN = re.compile(r"(?!-)[\w-]+(?:\.[\w-]+)+")
_SELECT_BLOCKED = (
    select(blocked_sender_table.c.id)
    .where(blocked_sender_table.c.pattern.in_(bindparam("patterns", expanding=True)))
    .limit(1)
)
_SELECT_ALL = (
    select(
        blocked_sender_table.c.id,
        blocked_sender_table.c.pattern,
        blocked_sender_table.c.created_at,
        person_table.c.full_name.label("author_name"),
    )
    .select_from(
        blocked_sender_table.outerjoin(
            person_table, person_table.c.id == blocked_sender_table.c.created_by_id
        )
    )
    .order_by(blocked_sender_table.c.pattern)
    .limit(bindparam("limit"))
)
_DELETE_ONE = delete(blocked_sender_table).where(
    blocked_sender_table.c.id == bindparam("blocked_id")
)


class BlockedSenderRow:
    """A blocked address or domain."""

    id: int
    pattern: str
    created_at: datetime
    author_name: str | None


def is_blocked(uow: UnitOfWork, address: str) -> bool:
    """Return whether an address, its domain or a domain above it is blocked."""
    folded = address.casefold()
    labels = folded.rpartition("@")[2].split(".")
    domains = [".".join(labels[n:]) for n in range(len(labels))]
    values = {"patterns": [folded, *domains]}
    return uow.connection.execute(_SELECT_BLOCKED, values).first() is not None


def block(uow: UnitOfWork, pattern: str) -> None:
    """Stop accepting email from an address, or from a domain and those below it.

    Raises `Forbidden`, `Invalid` (neither, or the help desk's own).
    """
    uow.actor.require("work_tickets", "block senders")
    folded = pattern.strip().casefold().removeprefix("@")
    is_address = "@" in folded and is_email_address(folded)
    if not is_address and not (_DOMAIN.fullmatch(folded) and len(folded) <= MAX_EMAIL_LENGTH):
        raise Invalid("pattern", "must be an email address or a domain, such as example.com")
    own = own_addresses.own_sender()
    if folded == own.domain.casefold() or own_addresses.is_own_address(folded):
        raise Invalid("pattern", "must not be the help desk's own address or domain")
    row = {"pattern": folded, "created_by_id": uow.actor.id, "created_at": uow.now}
    insert_missing(uow, blocked_sender_table, [row])


def unblock(uow: UnitOfWork, blocked_id: int) -> None:
    """Accept email again. Raises `Forbidden`, `NotFound`."""
    uow.actor.require("work_tickets", "unblock senders")
    if not uow.connection.execute(_DELETE_ONE, {"blocked_id": blocked_id}).rowcount:
        raise NotFound("Blocked sender")


def list_blocked(uow: UnitOfWork, *, limit: int = 500) -> Sequence[BlockedSenderRow]:
    """Return blocked addresses and domains in order of the alphabet. Raises `Forbidden`."""
    uow.actor.require("work_tickets", "see blocked senders")
    return uow.all_rows(_SELECT_ALL, {"limit": limit}, of=BlockedSenderRow)

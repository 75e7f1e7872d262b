"""Mentions: who is named with an @ in what is said, and learns of it. A mention lets no one in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, or_, select

from ticket_app.core.notifications import notifications
from ticket_app.core.notifications.notifications import Notice
from ticket_app.core.people import profiles
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.tables import Ticket, person_table

MOST = 50
"""Names that are looked at in one comment."""
_NAMED = re.compile(r"(?<![\w.@+/-])@(?!@)([\w.@+-]{2,150})")
_NO_ENDING = ".-+@_"

_KNOWN = select(person_table, profiles.ROLE_PERMISSIONS).where(
    or_(
        person_table.c.username_folded.in_(bindparam("names", expanding=True)),
        person_table.c.id.in_(bindparam("ids", expanding=True)),
    ),
    person_table.c.is_active,
)


def named_in(content: str) -> list[str]:
    """The names with an @ before them, each once, in order; an e-mail address names nobody."""
    if "@" not in content:
        return []
    return list(dict.fromkeys(_NAMED.findall(content)))[:MOST]


def reached(desk: Desk, ticket: Ticket, names: Iterable[str | int], *, internal: bool) -> list[int]:
    """The ids of those named (or told by their ids) who may read a line of the ticket, in order.

    Names of nobody, and of those who may not read it, are left out: nothing tells one from the
    other. The sign after a name (the end of a sentence) is no part of it, unless somebody's is.
    """
    wanted = [
        name if isinstance(name, int) else name.removeprefix("@").casefold() for name in names
    ]
    if not wanted:
        return []
    words = [name for name in wanted if isinstance(name, str)]
    either = {*words, *(word.rstrip(_NO_ENDING) for word in words)}
    told = {name for name in wanted if isinstance(name, int)}
    values = {"names": sorted(either), "ids": sorted(told)}
    found: dict[str | int, int] = {}
    for row in desk.db.execute(_KNOWN, values):
        if _may_read(row, ticket, internal=internal):
            found |= {row.username_folded: row.id, row.id: row.id}
    ids = (
        found.get(name) or (found.get(name.rstrip(_NO_ENDING)) if isinstance(name, str) else None)
        for name in wanted
    )
    return list(dict.fromkeys(person_id for person_id in ids if person_id is not None))


def _may_read(person: Any, ticket: Ticket, *, internal: bool) -> bool:
    actor = profiles.actor_of(person)
    return actor.is_staff or (
        not internal and person.id == ticket.requester_id and actor.may("view_tickets")
    )


def tell(desk: Desk, ticket: Ticket, entry_id: int, person_ids: Sequence[int]) -> None:
    """Let those named know."""
    for person_id in person_ids:
        notifications.tell(
            desk,
            person_id,
            Notice.MENTION,
            f"{desk.actor.full_name} mentioned you on {ticket_numbers.key(ticket)}",
            ticket_id=ticket.id,
            entry_id=entry_id,
        )

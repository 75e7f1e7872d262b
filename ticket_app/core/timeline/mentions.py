"""Mentions: find `@name` in comments and notify those people. A mention gives no access."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, or_, select

from ticket_app.core.notifications import notifications
from ticket_app.core.notifications.kinds import NotificationKind
from ticket_app.core.people.actors import ROLE_PERMISSIONS_COLUMN, build_actor
from ticket_app.core.people.rows import ActorRow
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.tables import Ticket, person_table

MAX_MENTIONS = 50
"""How many mentions of one comment are considered."""
_MENTION_PATTERN = re.compile(r"(?<![\w.@+/-])@(?!@)([\w.@+-]{2,150})")
_TRAILING_PUNCTUATION = ".-+@_"

_SELECT_MENTIONED_PEOPLE = select(person_table, ROLE_PERMISSIONS_COLUMN).where(
    or_(
        person_table.c.username_folded.in_(bindparam("names", expanding=True)),
        person_table.c.id.in_(bindparam("ids", expanding=True)),
    ),
    person_table.c.is_active,
)


class _MentionedPersonRow(ActorRow):
    username_folded: str


def find_mentioned_names(content: str) -> list[str]:
    """Return the first `MAX_MENTIONS` names after an @, each once; email addresses do not count."""
    if "@" not in content:
        return []
    return list(dict.fromkeys(_MENTION_PATTERN.findall(content)))[:MAX_MENTIONS]


def resolve_mentions(
    uow: UnitOfWork, ticket: Ticket, names: Iterable[str | int], *, internal: bool
) -> list[int]:
    """Return the ids of the mentioned people who may read the entry, in order.

    `names` are usernames or ids. Unknown names and people without access are both left out, so that
    the result does not reveal which of them exist. Punctuation after a name is ignored unless it
    belongs to a username.
    """
    normalized = [
        name if isinstance(name, int) else name.removeprefix("@").casefold() for name in names
    ]
    if not normalized:
        return []
    usernames = [name for name in normalized if isinstance(name, str)]
    candidates = {*usernames, *(username.rstrip(_TRAILING_PUNCTUATION) for username in usernames)}
    person_ids = {name for name in normalized if isinstance(name, int)}
    values = {"names": sorted(candidates), "ids": sorted(person_ids)}
    ids_by_name: dict[str | int, int] = {}
    for row in uow.all_rows(_SELECT_MENTIONED_PEOPLE, values, of=_MentionedPersonRow):
        if _can_read(row, ticket, internal=internal):
            ids_by_name |= {row.username_folded: row.id, row.id: row.id}
    mentioned_ids = (
        ids_by_name.get(name)
        or (ids_by_name.get(name.rstrip(_TRAILING_PUNCTUATION)) if isinstance(name, str) else None)
        for name in normalized
    )
    return list(dict.fromkeys(person_id for person_id in mentioned_ids if person_id is not None))


def _can_read(person: ActorRow, ticket: Ticket, *, internal: bool) -> bool:
    actor = build_actor(person)
    return actor.is_staff or (
        not internal and person.id == ticket.requester_id and actor.can("view_tickets")
    )


def notify_mentioned(
    uow: UnitOfWork, ticket: Ticket, entry_id: int, person_ids: Sequence[int]
) -> None:
    """Notify the mentioned people."""
    for person_id in person_ids:
        notifications.notify(
            uow,
            person_id,
            NotificationKind.MENTION,
            f"{uow.actor.full_name} mentioned you on {ticket_numbers.format_key(ticket)}",
            ticket_id=ticket.id,
            entry_id=entry_id,
        )

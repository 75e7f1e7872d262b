"""Who has a ticket open at the moment, and whether they read or write.

Presence is about members of staff and for members of staff. It lives in a table of its own, with a
row for each open tab, so that nothing of a ticket changes when it is looked at, and any number of
processes know of each other's tabs. A tab whose process no longer vouches for it is forgotten after
`EXPIRY`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import Executable, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ticket_app.core.platform.access_policy import visibility_condition, visibility_parameters
from ticket_app.core.platform.sql_types import DialectInsert
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import ticket_lookup
from ticket_app.tables import person_table, presence_table, ticket_table

HEARTBEAT: Final = timedelta(seconds=10)
"""How often a process vouches for the tabs that are connected to it."""
EXPIRY: Final = timedelta(seconds=30)
"""After this time without a heartbeat a tab counts as closed."""
KEPT_FOR: Final = timedelta(minutes=10)
"""How long the row of a tab is kept whose process has ended."""
MAX_SHOWN: Final = 500


class Activity(StrEnum):
    """What a person does in a tab with a ticket, from the least to the most."""

    AWAY = "away"
    """The tab is in the background, or nobody has touched it for a while."""
    VIEWING = "viewing"
    EDITING = "editing"
    """They change a field, a comment or a file."""
    NOTE = "note"
    """They write an internal note."""
    REPLY = "reply"
    """They write a reply."""


ORDER: Final = tuple(Activity)


@dataclass(frozen=True, slots=True)
class PresentPerson:
    """A person who has a ticket open; of several tabs, what they do most."""

    ticket_id: int
    person_id: int
    name: str
    username: str
    activity: Activity


class _PresenceRow:
    ticket_id: int
    person_id: int
    activity: str
    full_name: str
    username: str


def _build_upsert(insert: DialectInsert) -> Executable:
    statement = insert(presence_table)
    return statement.on_conflict_do_update(
        index_elements=[presence_table.c.tab],
        set_={
            "activity": statement.excluded.activity,
            "seen_at": statement.excluded.seen_at,
            "ticket_id": statement.excluded.ticket_id,
        },
        where=presence_table.c.person_id == statement.excluded.person_id,
    )


_UPSERT_BY_DIALECT = {
    "sqlite": _build_upsert(sqlite.insert),
    "postgresql": _build_upsert(postgresql.insert),
}
_HAS_TAB = presence_table.c.tab.in_(bindparam("tabs", expanding=True))
_RENEW = update(presence_table).where(_HAS_TAB).values(seen_at=bindparam("renewed_at"))
_LEAVE = delete(presence_table).where(_HAS_TAB)
_FORGET = delete(presence_table).where(presence_table.c.seen_at < bindparam("before"))
_SELECT_CURRENT = (
    select(presence_table.c.ticket_id, presence_table.c.person_id, presence_table.c.activity)
    .where(presence_table.c.seen_at > bindparam("since"))
    .distinct()
)


def report(uow: UnitOfWork, tab: UUID, ticket_id: int, activity: Activity) -> None:
    """Record what the actor does in a tab of theirs that shows a ticket.

    Raises `Forbidden` for requesters, `NotFound`.
    """
    uow.actor.require("work_tickets", "work on tickets")
    ticket_lookup.read_ticket(uow, ticket_id, "summary")
    row = {
        "tab": tab,
        "ticket_id": ticket_id,
        "person_id": uow.actor.id,
        "activity": activity,
        "seen_at": uow.now,
    }
    uow.connection.execute(_UPSERT_BY_DIALECT[uow.connection.dialect.name], row)


def renew(uow: UnitOfWork, tabs: Collection[UUID]) -> None:
    """Record that tabs are still open, and remove what processes that ended have left."""
    if tabs:
        uow.connection.execute(_RENEW, {"tabs": list(tabs), "renewed_at": uow.now})
    uow.connection.execute(_FORGET, {"before": uow.now - KEPT_FOR})


def leave(uow: UnitOfWork, tabs: Collection[UUID]) -> None:
    """Record that tabs were closed, or show something else now."""
    if tabs:
        uow.connection.execute(_LEAVE, {"tabs": list(tabs)})


def list_others(uow: UnitOfWork, ticket_ids: Collection[int]) -> list[PresentPerson]:
    """Return who else has one of these tickets open, those who write first.

    Empty for requesters, and for tickets that the actor may not see.
    """
    if not ticket_ids or not uow.actor.can("work_tickets"):
        return []
    statement = (
        select(
            presence_table.c.ticket_id,
            presence_table.c.person_id,
            presence_table.c.activity,
            person_table.c.full_name,
            person_table.c.username,
        )
        .select_from(
            presence_table.join(person_table, person_table.c.id == presence_table.c.person_id).join(
                ticket_table, ticket_table.c.id == presence_table.c.ticket_id
            )
        )
        .where(
            visibility_condition(uow.actor),
            presence_table.c.ticket_id.in_(list(ticket_ids)),
            presence_table.c.seen_at > uow.now - EXPIRY,
            presence_table.c.person_id != uow.actor.id,
            person_table.c.is_active,
        )
        .limit(MAX_SHOWN)
    )
    rows = uow.all_rows(statement, visibility_parameters(uow.actor), of=_PresenceRow)
    return _highest_activities(rows)


def _highest_activities(rows: Sequence[_PresenceRow]) -> list[PresentPerson]:
    people: dict[tuple[int, int], PresentPerson] = {}
    for row in rows:
        key, activity = (row.ticket_id, row.person_id), Activity(row.activity)
        shown = people.get(key)
        if shown is None or ORDER.index(activity) > ORDER.index(shown.activity):
            people[key] = PresentPerson(*key, row.full_name, row.username, activity)
    return sorted(
        people.values(), key=lambda person: (-ORDER.index(person.activity), person.name.casefold())
    )


class PresenceWatcher:
    """Remembers who was on which ticket, and finds where that has changed since the last look."""

    def __init__(self) -> None:
        self._current: frozenset[tuple[int, int, str]] = frozenset()

    def read_changed_ticket_ids(self, uow: UnitOfWork) -> set[int]:
        """Return the tickets with a change since the last call; tabs that expired are changes."""
        rows = uow.connection.execute(_SELECT_CURRENT, {"since": uow.now - EXPIRY}).all()
        before, self._current = self._current, frozenset(tuple(row) for row in rows)
        return {ticket_id for ticket_id, _, _ in before ^ self._current}

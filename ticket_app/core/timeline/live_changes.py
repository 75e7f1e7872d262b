"""What has changed since: the timeline and the notices read by their tails, for live updates."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select

from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Audience
from ticket_app.tables import entry_table, notification_table, ticket_table

OVERLAP = 200
"""Ids looked at again, since transactions may commit out of the order of their ids."""
MOST_LINES = 500


@dataclass(frozen=True, slots=True)
class Change:
    """One new line of some ticket's timeline, with who may learn of it."""

    entry_id: int
    ticket_id: int
    requester_id: int
    kind: str
    is_internal: bool
    actor_id: int | None


def _tail(columns: Any, table: Any) -> Any:
    return (
        columns.where(table.c.id > bindparam("after"))
        .order_by(table.c.id)
        .limit(MOST_LINES + OVERLAP)
    )


_LINES = _tail(
    select(
        entry_table.c.id,
        entry_table.c.ticket_id,
        entry_table.c.kind,
        entry_table.c.audience,
        entry_table.c.actor_id,
        ticket_table.c.requester_id,
    ).select_from(entry_table.join(ticket_table, ticket_table.c.id == entry_table.c.ticket_id)),
    entry_table,
)
_LAST_LINE = select(func.coalesce(func.max(entry_table.c.id), 0))
_NOTICES = _tail(
    select(notification_table.c.id, notification_table.c.person_id), notification_table
)
_LAST_NOTICE = select(func.coalesce(func.max(notification_table.c.id), 0))


class _Reader:
    """Rows of one table beyond those read before, each given once."""

    def __init__(self, tail: Any, last: Any) -> None:
        self._tail = tail
        self._newest = last
        self._last: int | None = None
        self._told: OrderedDict[int, None] = OrderedDict()

    def news(self, desk: Desk) -> list[Any]:
        """What was written since the last call; nothing on the first."""
        last = self._last
        if last is None:
            self._last = last = int(desk.db.execute(self._newest).scalar_one())
            for row in desk.db.execute(self._tail, {"after": max(0, last - OVERLAP)}):
                self._told[row.id] = None
            return []
        after = max(0, last - OVERLAP)
        rows: list[Any] = [
            row for row in desk.db.execute(self._tail, {"after": after}) if row.id not in self._told
        ]
        for row in rows:
            self._told[row.id] = None
            self._last = last = max(last, row.id)
        while len(self._told) > 4 * OVERLAP + MOST_LINES:
            self._told.popitem(last=False)
        return rows


class Tail:
    """The tail of the timeline, read by one process; each line is told once."""

    def __init__(self) -> None:
        self._lines = _Reader(_LINES, _LAST_LINE)

    def read(self, desk: Desk) -> list[Change]:
        """What was written since the last call; nothing on the first."""
        return [
            Change(
                entry_id=row.id,
                ticket_id=row.ticket_id,
                requester_id=row.requester_id,
                kind=row.kind,
                is_internal=row.audience == Audience.INTERNAL,
                actor_id=row.actor_id,
            )
            for row in self._lines.news(desk)
        ]


class NoticeTail:
    """The tail of what people are told, read by one process."""

    def __init__(self) -> None:
        self._notices = _Reader(_NOTICES, _LAST_NOTICE)

    def read(self, desk: Desk) -> set[int]:
        """The ids of the people who were told something since the last call."""
        return {row.person_id for row in self._notices.news(desk)}

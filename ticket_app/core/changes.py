"""What has changed since: the timeline read by its tail, for live updates."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select

from ticket_app.core.desk import Desk
from ticket_app.core.policy import E, T
from ticket_app.core.words import Audience

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


_TAIL = (
    select(E.c.id, E.c.ticket_id, E.c.kind, E.c.audience, E.c.actor_id, T.c.requester_id)
    .select_from(E.join(T, T.c.id == E.c.ticket_id))
    .where(E.c.id > bindparam("after"))
    .order_by(E.c.id)
    .limit(MOST_LINES + OVERLAP)
)
_LAST = select(func.coalesce(func.max(E.c.id), 0))


class Tail:
    """The tail of the timeline, read by one process; each line is told once."""

    def __init__(self) -> None:
        self._last: int | None = None
        self._told: OrderedDict[int, None] = OrderedDict()

    def read(self, desk: Desk) -> list[Change]:
        """What was written since the last call; nothing on the first."""
        last = self._last
        if last is None:
            self._last = last = int(desk.db.execute(_LAST).scalar_one())
            for row in desk.db.execute(_TAIL, {"after": max(0, last - OVERLAP)}):
                self._told[row.id] = None
            return []
        after = max(0, last - OVERLAP)
        rows: list[Any] = [
            row for row in desk.db.execute(_TAIL, {"after": after}) if row.id not in self._told
        ]
        for row in rows:
            self._told[row.id] = None
            self._last = last = max(last, row.id)
        while len(self._told) > 4 * OVERLAP + MOST_LINES:
            self._told.popitem(last=False)
        return [
            Change(
                entry_id=row.id,
                ticket_id=row.ticket_id,
                requester_id=row.requester_id,
                kind=row.kind,
                is_internal=row.audience == Audience.INTERNAL,
                actor_id=row.actor_id,
            )
            for row in rows
        ]

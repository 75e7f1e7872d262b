"""New timeline entries and notifications since the last read, for live updates."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from sqlalchemy import Executable, Table, bindparam, case, func, select

from ticket_app.core.platform.sql_types import AnySelect
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Audience
from ticket_app.tables import entry_table, notification_table, ticket_table

ID_OVERLAP = 200
"""How many older ids are read again, because transactions can commit out of id order."""
MAX_ENTRIES = 500
COMMIT_OVERLAP = timedelta(seconds=10)
"""How long after its time a transaction may commit and still be noticed."""


@dataclass(frozen=True, slots=True)
class TimelineChange:
    """A new timeline entry, with what decides who may see it."""

    entry_id: int
    ticket_id: int
    requester_id: int
    company_ids: frozenset[int]
    """The company of the ticket; two if it has been moved from one to another."""
    kind: str
    is_internal: bool
    actor_id: int | None


def _select_after_id(columns: AnySelect, table: Table) -> AnySelect:
    return (
        columns.where(table.c.id > bindparam("after"))
        .order_by(table.c.id)
        .limit(MAX_ENTRIES + ID_OVERLAP)
    )


_SELECT_NEW_ENTRIES = _select_after_id(
    select(
        entry_table.c.id,
        entry_table.c.ticket_id,
        entry_table.c.kind,
        entry_table.c.audience,
        entry_table.c.actor_id,
        ticket_table.c.requester_id,
        ticket_table.c.company_id,
        case((entry_table.c.field == "company", entry_table.c.old_id)).label("former_company_id"),
    ).select_from(entry_table.join(ticket_table, ticket_table.c.id == entry_table.c.ticket_id)),
    entry_table,
)
_SELECT_LAST_ENTRY_ID = select(func.coalesce(func.max(entry_table.c.id), 0))
_SELECT_NEW_NOTIFICATIONS = _select_after_id(
    select(notification_table.c.id, notification_table.c.person_id), notification_table
)
_SELECT_READERS = (
    select(notification_table.c.person_id, func.max(notification_table.c.read_at).label("read_at"))
    .where(notification_table.c.read_at > bindparam("since"))
    .group_by(notification_table.c.person_id)
    .limit(MAX_ENTRIES)
)
_SELECT_LAST_NOTIFICATION_ID = select(func.coalesce(func.max(notification_table.c.id), 0))


class _NewEntryRow:
    id: int
    ticket_id: int
    kind: str
    audience: str
    actor_id: int | None
    requester_id: int
    company_id: int | None
    former_company_id: int | None


class _NewNotificationRow:
    id: int
    person_id: int


class _ReaderRow:
    person_id: int
    read_at: datetime


RowT = TypeVar("RowT", _NewEntryRow, _NewNotificationRow)


class _TailReader(Generic[RowT]):
    """Reads the rows added to a table since the last read, each once."""

    def __init__(
        self, new_rows_statement: Executable, last_id_statement: Executable, row_type: type[RowT]
    ) -> None:
        self._row_type = row_type
        self._new_rows_statement = new_rows_statement
        self._last_id_statement = last_id_statement
        self._last_id: int | None = None
        self._seen_ids: OrderedDict[int, None] = OrderedDict()

    def read_new_rows(self, uow: UnitOfWork) -> list[RowT]:
        """Return the rows written since the last call; nothing on the first."""
        last_id = self._last_id
        if last_id is None:
            self._last_id = last_id = int(
                uow.connection.execute(self._last_id_statement).scalar_one()
            )
            for row in self._read_after(uow, max(0, last_id - ID_OVERLAP)):
                self._seen_ids[row.id] = None
            return []
        after_id = max(0, last_id - ID_OVERLAP)
        rows = [row for row in self._read_after(uow, after_id) if row.id not in self._seen_ids]
        for row in rows:
            self._seen_ids[row.id] = None
            self._last_id = last_id = max(last_id, row.id)
        while len(self._seen_ids) > 4 * ID_OVERLAP + MAX_ENTRIES:
            self._seen_ids.popitem(last=False)
        return rows

    def _read_after(self, uow: UnitOfWork, after_id: int) -> Sequence[RowT]:
        return uow.all_rows(self._new_rows_statement, {"after": after_id}, of=self._row_type)


class TimelineTail:
    """Reads new timeline entries for one process, each once."""

    def __init__(self) -> None:
        self._reader = _TailReader(_SELECT_NEW_ENTRIES, _SELECT_LAST_ENTRY_ID, _NewEntryRow)

    def read_changes(self, uow: UnitOfWork) -> list[TimelineChange]:
        """Return the rows written since the last call; nothing on the first."""
        return [
            TimelineChange(
                entry_id=row.id,
                ticket_id=row.ticket_id,
                requester_id=row.requester_id,
                company_ids=frozenset(filter(None, (row.company_id, row.former_company_id))),
                kind=row.kind,
                is_internal=row.audience == Audience.INTERNAL,
                actor_id=row.actor_id,
            )
            for row in self._reader.read_new_rows(uow)
        ]


class NotificationTail:
    """Reads whose notifications are new, or were read, for one process."""

    def __init__(self) -> None:
        self._reader = _TailReader(
            _SELECT_NEW_NOTIFICATIONS, _SELECT_LAST_NOTIFICATION_ID, _NewNotificationRow
        )
        self._read_since: datetime | None = None
        self._last_reads: dict[int, datetime] = {}

    def read_changed_person_ids(self, uow: UnitOfWork) -> set[int]:
        """Return the ids of people who were notified, or read, since the last call."""
        return {row.person_id for row in self._reader.read_new_rows(uow)} | self._read_readers(uow)

    def _read_readers(self, uow: UnitOfWork) -> set[int]:
        """Return who has read notifications; nobody on the first call."""
        since = self._read_since or uow.now
        rows = uow.all_rows(_SELECT_READERS, {"since": since - COMMIT_OVERLAP}, of=_ReaderRow)
        readers = {
            row.person_id for row in rows if row.read_at != self._last_reads.get(row.person_id)
        }
        self._last_reads = {row.person_id: row.read_at for row in rows}
        is_first, self._read_since = self._read_since is None, uow.now
        return set() if is_first else readers

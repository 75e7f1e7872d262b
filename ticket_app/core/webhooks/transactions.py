"""The timeline entries that one transaction wrote on a ticket, with the ticket as it was then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import bindparam, exists, or_, select

from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Audience, EntryKind, Kind, Priority, Status
from ticket_app.core.tickets.fields import FIELDS
from ticket_app.core.webhooks.event_messages import Event, to_json
from ticket_app.core.webhooks.payload_format import (
    EventDetails,
    FieldChange,
    PersonReference,
    TicketSnapshot,
    TrashChange,
    get_payload_format,
)
from ticket_app.core.webhooks.rows import EventEntryRow, OldValueRow
from ticket_app.tables import entry_table, moved_entry_table, person_table, ticket_table

MAX_LATER_CHANGES = 500
_IS_DELETED_BY_KIND = {EntryKind.DELETED: True, EntryKind.RESTORED: False}

_SELECT_ENTRIES = (
    select(
        entry_table.c.id,
        entry_table.c.at,
        entry_table.c.actor_id,
        entry_table.c.kind,
        entry_table.c.audience,
        entry_table.c.body,
        entry_table.c.field,
        entry_table.c.old_value,
        entry_table.c.new_value,
        entry_table.c.old_id,
        entry_table.c.new_id,
        entry_table.c.mentions,
        entry_table.c.deleted_at,
    )
    .where(
        entry_table.c.id.in_(bindparam("entries", expanding=True)),
        # A merge may have moved an entry since. If it is on another ticket, an entry of a
        # transaction that was rolled back had the same id.
        or_(
            entry_table.c.ticket_id == bindparam("ticket"),
            exists(
                select(1).where(
                    moved_entry_table.c.entry_id == entry_table.c.id,
                    moved_entry_table.c.original_ticket_id == bindparam("ticket"),
                )
            ),
        ),
    )
    .order_by(entry_table.c.id)
)
_SELECT_LATER_CHANGES = (
    select(entry_table.c.field, entry_table.c.old_value, entry_table.c.old_id)
    .where(
        entry_table.c.ticket_id == bindparam("ticket"),
        entry_table.c.id > bindparam("after"),
        entry_table.c.kind == EntryKind.CHANGE,
    )
    .order_by(entry_table.c.id.desc())
    .limit(MAX_LATER_CHANGES)
)
_SNAPSHOT_COLUMNS = (
    ticket_table.c.title,
    ticket_table.c.status,
    ticket_table.c.priority,
    ticket_table.c.kind,
    ticket_table.c.tags,
    ticket_table.c.assignee_id,
    ticket_table.c.department_id,
    ticket_table.c.due_at,
)
"""What events show of a ticket and may change after an event; later changes are taken back."""
_SNAPSHOT_FIELDS = {
    field.name: field
    for field in FIELDS.values()
    if field.column in {column.name for column in _SNAPSHOT_COLUMNS}
}
if len(_SNAPSHOT_FIELDS) != len(_SNAPSHOT_COLUMNS):
    raise LookupError("a column that webhook events show is not a registered field")
_SELECT_TICKET = select(
    ticket_table.c.id,
    ticket_table.c.key_prefix,
    ticket_table.c.key_number,
    ticket_table.c.opened_on,
    ticket_table.c.day_number,
    *_SNAPSHOT_COLUMNS,
    ticket_table.c.created_at,
    ticket_table.c.updated_at,
    ticket_table.c.created_by_id,
).where(ticket_table.c.id == bindparam("ticket"))
_SELECT_USERNAMES = select(person_table.c.id, person_table.c.username).where(
    person_table.c.id.in_(bindparam("ids", expanding=True))
)


def read_ticket_transaction(
    uow: UnitOfWork, ticket_id: int, entry_ids: Sequence[int]
) -> TicketTransaction | None:
    """Read entries that one transaction wrote on a ticket, or return None if they are gone.

    The ticket is read as it was after the last of them: later changes are taken back.
    """
    values = {"ticket": ticket_id, "entries": sorted(set(entry_ids))}
    entries = uow.all_rows(_SELECT_ENTRIES, values, of=EventEntryRow)
    row = uow.connection.execute(_SELECT_TICKET, {"ticket": ticket_id}).mappings().first()
    if not entries or row is None:
        return None
    ticket: dict[str, Any] = {**row}
    values = {"ticket": ticket_id, "after": entries[-1].id}
    for later in uow.all_rows(_SELECT_LATER_CHANGES, values, of=OldValueRow):
        field = _SNAPSHOT_FIELDS.get(later.field or "")
        if field is not None:
            ticket[field.column] = field.parse_recorded(later.old_value, later.old_id)
    return TicketTransaction(uow, ticket, entries)


class TicketTransaction:
    """The timeline entries that one transaction wrote on a ticket, with the ticket as it was."""

    def __init__(
        self, uow: UnitOfWork, ticket: Mapping[str, Any], entries: Sequence[EventEntryRow]
    ) -> None:
        self.uow = uow
        self.entries = entries
        self._ticket_id: int = ticket["id"]
        self.is_new = any(entry.kind == EntryKind.CREATED for entry in entries)
        ids: set[int | None] = {ticket["created_by_id"], ticket["assignee_id"]}
        for entry in entries:
            ids.add(entry.actor_id)
            if entry.field == "assignee":
                ids |= {entry.old_id, entry.new_id}
        people = uow.connection.execute(
            _SELECT_USERNAMES, {"ids": [one for one in ids if one is not None]}
        )
        self.people_by_id: dict[int | None, PersonReference] = {
            row.id: PersonReference(row.id, row.username) for row in people
        }
        self._format = get_payload_format()
        snapshot = self._take_snapshot(ticket, self._updated_at(ticket))
        self._ticket_json = orjson.Fragment(to_json(self._format.format_ticket(snapshot)))

    def _updated_at(self, ticket: Mapping[str, Any]) -> datetime:
        """Return when the ticket was last changed; an SLA warning or breach changes nothing."""
        at = self.entries[-1].at
        is_report = all(entry.kind == EntryKind.SERVICE_LEVEL for entry in self.entries)
        return min(at, ticket["updated_at"]) if is_report else at

    def _take_snapshot(self, ticket: Mapping[str, Any], at: datetime) -> TicketSnapshot:
        return TicketSnapshot(
            id=ticket["id"],
            key_prefix=ticket["key_prefix"],
            key_number=ticket["key_number"],
            opened_on=ticket["opened_on"],
            day_number=ticket["day_number"],
            title=ticket["title"],
            status=Status(ticket["status"]),
            priority=Priority(ticket["priority"]),
            kind=Kind(ticket["kind"]),
            tags=ticket["tags"],
            creator=self.people_by_id.get(ticket["created_by_id"]),
            assignee=self.people_by_id.get(ticket["assignee_id"]),
            department_id=ticket["department_id"],
            due_at=ticket["due_at"],
            created_at=ticket["created_at"],
            updated_at=at,
        )

    def make_event(self, name: str, entry: EventEntryRow, details: EventDetails) -> Event:
        """Return an event with the ticket, the details of the event and the actor."""
        content = to_json(
            {
                "ticket": self._ticket_json,
                **self._format.format_details(details),
                "actor": self.people_by_id.get(entry.actor_id),
            }
        )
        return Event(name, self._ticket_id, entry.id, entry.at, content)

    def changes(self) -> Iterator[tuple[EventEntryRow, FieldChange | TrashChange]]:
        """Yield the entries of changes that show in payloads."""
        for entry in self.entries:
            if entry.kind in _IS_DELETED_BY_KIND:
                yield entry, TrashChange(_IS_DELETED_BY_KIND[EntryKind(entry.kind)])
                continue
            field = FIELDS.get(entry.field or "")
            if entry.kind != EntryKind.CHANGE or field is None:
                continue
            change = FieldChange(
                field,
                field.parse_recorded(entry.old_value, entry.old_id),
                field.parse_recorded(entry.new_value, entry.new_id),
                is_internal=entry.audience == Audience.INTERNAL,
            )
            if self._format.is_visible(change):
                yield entry, change

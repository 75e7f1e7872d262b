"""The timeline of a ticket: add entries and list those the actor may read."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, func, insert, literal_column, select

from ticket_app.core.platform import outbox
from ticket_app.core.platform.access_policy import readable_audiences
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.operation_log import log_ticket_operation
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import (
    IMPORT_CHANNEL,
    Audience,
    EntryKind,
    TextFormat,
)
from ticket_app.core.timeline.fields import AUDIENCE_OF_KIND, RecordedField
from ticket_app.core.timeline.rows import EntryRow, ShortEntryRow
from ticket_app.tables import entry_table, person_table, team_table, ticket_table

__all__ = [
    "ENTRY_COLUMNS",
    "MAX_LATEST",
    "SHORT_TEXT_LENGTH",
    "add_entry",
    "get_entry",
    "list_comments",
    "list_creation_and_field_changes",
    "list_entries",
    "list_latest_comments",
    "list_latest_entries",
    "record_change",
]

MAX_ADDRESS_LENGTH = 64
MAX_LATEST = 100
SHORT_TEXT_LENGTH = 1_000
"""How many characters of a text `list_latest_entries` returns."""

_NOTIFYING_KINDS = frozenset({EntryKind.CREATED, EntryKind.COMMENT})
_NOTIFYING_FIELDS = frozenset({"status", "assignee"})
_INSERT_ENTRY = insert(entry_table).values(
    ticket_updated_at=select(ticket_table.c.updated_at)
    .where(ticket_table.c.id == bindparam("on_ticket"))
    .scalar_subquery()
)


def add_entry(
    uow: UnitOfWork,
    ticket_id: int,
    kind: EntryKind,
    *,
    audience: Audience | None = None,
    **columns: object,
) -> int:
    """Add an entry to a ticket's timeline and return its id.

    `audience` defaults to that of `AUDIENCE_OF_KIND`; raises `TypeError` where there is none.
    Entries of background jobs, such as an SLA breach, have no actor.
    """
    entry_audience = audience or AUDIENCE_OF_KIND[kind]
    if entry_audience is None:
        raise TypeError(f"an entry of kind {kind} needs an audience")
    actor = uow.actor if uow.has_actor else None
    result = uow.connection.execute(
        _INSERT_ENTRY,
        {
            "ticket_id": ticket_id,
            "on_ticket": ticket_id,
            "at": uow.now,
            "actor_id": actor.id if actor else None,
            "by_staff": actor is None or actor.is_staff,
            "kind": kind,
            "audience": entry_audience,
            "edited": False,
            "body_format": TextFormat.MARKDOWN,
            "channel": IMPORT_CHANNEL if uow.is_import else uow.channel,
            "address": uow.client_address[:MAX_ADDRESS_LENGTH] or None,
            "request_id": uow.request_id or None,
            **columns,
        },
    )
    primary_key = result.inserted_primary_key
    assert primary_key is not None
    entry_id = int(primary_key[0])
    outbox.queue_entry_for_delivery(
        uow,
        ticket_id,
        entry_id,
        notifies_people=kind in _NOTIFYING_KINDS or columns.get("field") in _NOTIFYING_FIELDS,
    )
    if kind is not EntryKind.CHANGE:
        log_ticket_operation(
            uow, ticket_id, kind, entry_id=entry_id, is_internal=entry_audience is Audience.INTERNAL
        )
    return entry_id


def record_change(
    uow: UnitOfWork,
    ticket_id: int,
    field: RecordedField,
    old: object,
    new: object,
    *,
    old_id: int | None = None,
    new_id: int | None = None,
) -> int:
    """Add an entry for the change of a field; `old_id` and `new_id` are ids of related rows."""
    entry_id = add_entry(
        uow,
        ticket_id,
        EntryKind.CHANGE,
        audience=field.audience,
        field=field.name,
        old_value=None if old is None else str(old),
        new_value=None if new is None else str(new),
        old_id=old_id,
        new_id=new_id,
    )
    values = {"old": old, "new": new} if field.has_choices else {}
    log_ticket_operation(
        uow,
        ticket_id,
        EntryKind.CHANGE,
        entry_id=entry_id,
        field=field.name,
        old_id=old_id,
        new_id=new_id,
        **values,
    )
    return entry_id


_ORIGIN_COLUMNS = ("channel", "address", "request_id")
"""Where an entry came from; only the audit trail reads it."""
ENTRY_COLUMNS = tuple(column for column in entry_table.c if column.name not in _ORIGIN_COLUMNS)
"""The columns that entries are read with, wherever they are shown."""
_SELECT_ENTRIES = (
    select(
        *ENTRY_COLUMNS,
        person_table.c.uuid.label("actor_uuid"),
        person_table.c.username.label("actor_username"),
        person_table.c.first_name.label("actor_first_name"),
        person_table.c.last_name.label("actor_last_name"),
        person_table.c.full_name.label("actor_name"),
        person_table.c.role.label("actor_role"),
        team_table.c.name.label("actor_team"),
    )
    .select_from(
        entry_table.outerjoin(person_table, person_table.c.id == entry_table.c.actor_id).outerjoin(
            team_table, team_table.c.id == person_table.c.team_id
        )
    )
    .where(
        entry_table.c.ticket_id == bindparam("ticket_id"),
        entry_table.c.deleted_at.is_(None),
        entry_table.c.audience.in_(bindparam("audiences", expanding=True)),
    )
    .order_by(entry_table.c.id)
)
_SELECT_COMMENTS = _SELECT_ENTRIES.where(entry_table.c.kind == EntryKind.COMMENT)
_SELECT_LATEST_COMMENTS = (
    _SELECT_COMMENTS.order_by(None)
    .order_by(entry_table.c.id.desc())
    .limit(literal_column(str(MAX_LATEST)))
)
_TRUNCATED_COLUMNS = ("old_value", "new_value", "body")
_SELECT_LATEST_ENTRIES = (
    select(
        *(column for column in ENTRY_COLUMNS if column.name not in _TRUNCATED_COLUMNS),
        *(
            func.substr(
                entry_table.c[name], literal_column("1"), literal_column(str(SHORT_TEXT_LENGTH))
            ).label(name)
            for name in _TRUNCATED_COLUMNS
        ),
        person_table.c.username.label("actor_username"),
        person_table.c.first_name.label("actor_first_name"),
        person_table.c.last_name.label("actor_last_name"),
    )
    .select_from(entry_table.outerjoin(person_table, person_table.c.id == entry_table.c.actor_id))
    .where(
        entry_table.c.ticket_id == bindparam("ticket_id"),
        entry_table.c.deleted_at.is_(None),
        entry_table.c.audience.in_(bindparam("audiences", expanding=True)),
    )
    .order_by(entry_table.c.id.desc())
    .limit(literal_column(str(MAX_LATEST)))
)
_SELECT_FIELD_CHANGES = _SELECT_ENTRIES.where(
    entry_table.c.field == bindparam("field"),
    entry_table.c.kind.in_([EntryKind.CREATED, EntryKind.CHANGE]),
)


def list_entries(uow: UnitOfWork, ticket_id: int) -> Sequence[EntryRow]:
    """Return all entries of a ticket that the actor may read, oldest first."""
    return uow.all_rows(_SELECT_ENTRIES, _query_values(uow.actor, ticket_id), of=EntryRow)


def list_comments(uow: UnitOfWork, ticket_id: int) -> Sequence[EntryRow]:
    """Return the comments that the actor may read, oldest first."""
    return uow.all_rows(_SELECT_COMMENTS, _query_values(uow.actor, ticket_id), of=EntryRow)


def list_latest_comments(uow: UnitOfWork, ticket_id: int) -> Sequence[EntryRow]:
    """Return the last `MAX_LATEST` comments that the actor may read, oldest first."""
    values = _query_values(uow.actor, ticket_id)
    return uow.all_rows(_SELECT_LATEST_COMMENTS, values, of=EntryRow)[::-1]


def list_latest_entries(uow: UnitOfWork, ticket_id: int) -> Sequence[ShortEntryRow]:
    """Return the last `MAX_LATEST` entries that the actor may read, oldest first, texts cut."""
    values = _query_values(uow.actor, ticket_id)
    return uow.all_rows(_SELECT_LATEST_ENTRIES, values, of=ShortEntryRow)[::-1]


def list_creation_and_field_changes(
    uow: UnitOfWork, ticket_id: int, field: str
) -> Sequence[EntryRow]:
    """Return the creation of a ticket and the changes of one field, oldest first."""
    values = {**_query_values(uow.actor, ticket_id), "field": field}
    return uow.all_rows(_SELECT_FIELD_CHANGES, values, of=EntryRow)


def _query_values(actor: Actor, ticket_id: int) -> dict[str, object]:
    return {"ticket_id": ticket_id, "audiences": list(readable_audiences(actor))}


_SELECT_ENTRY = _SELECT_ENTRIES.where(entry_table.c.id == bindparam("entry_id"))


def get_entry(uow: UnitOfWork, ticket_id: int, entry_id: int) -> EntryRow:
    """Return one entry with the names of its actor."""
    values = {**_query_values(uow.actor, ticket_id), "entry_id": entry_id}
    (entry,) = uow.all_rows(_SELECT_ENTRY, values, of=EntryRow)
    return entry

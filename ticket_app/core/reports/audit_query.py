"""Which entries of the audit trail are asked for, and the statements that find them.

The audit trail joins two sources: the timelines of all tickets, and administrative changes. Both
are read newest first from an index, at most `SCAN_LIMIT` entries for each page, so that a search
for a rare word costs no more than a frequent one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import String, Table, and_, case, cast, func, null, or_, select

from ticket_app.core.people.customers import contains_every_word
from ticket_app.core.platform.sql_types import AnyColumn, AnySelect, Condition
from ticket_app.core.platform.vocabulary import AuditKind, EntryKind
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.tables import audit_entry_table, entry_table, person_table, ticket_table
from ticket_app.tables.timeline import IS_RARE_KIND

SCAN_LIMIT = 10_000
"""How many entries of each source one page looks at, newest first, for filters without an index."""
MAX_VALUE_LENGTH = 500
"""How many characters of an old and of a new value are shown."""
HIDDEN_FIELDS = (ticket_fields.COMMENT.name, ticket_fields.INTERNAL_NOTES.name)
"""Fields whose texts are on the ticket only: comments and working notes before they were edited."""
COMMON_KINDS = frozenset({EntryKind.CREATED, EntryKind.COMMENT, EntryKind.CHANGE})
"""The kinds that have many entries; the others are in the index `ix_timeline_rare_kind`."""


class AuditSource(StrEnum):
    """Where an entry is stored; entries of the same moment are in this order."""

    ADMINISTRATION = "administration"
    TICKET = "ticket"

    @property
    def rank(self) -> int:
        """The order of entries of the same moment."""
        return list(AuditSource).index(self)


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Filters of the audit trail. Each word of `search` occurs in who, which ticket or what."""

    actor_id: int | None = None
    ticket: str = ""
    kind: EntryKind | AuditKind | None = None
    field: str = ""
    channel: str = ""
    since: datetime | None = None
    until: datetime | None = None
    """The end of the period, not included."""
    search: str = ""


@dataclass(frozen=True, slots=True)
class Position:
    """The place of an entry in the order of the audit trail."""

    at: datetime
    source: AuditSource
    id: int

    @property
    def key(self) -> tuple[datetime, int, int]:
        """What entries are sorted by."""
        return self.at, self.source.rank, self.id


def _shown(column: AnyColumn) -> AnyColumn:
    return func.substr(column, 1, MAX_VALUE_LENGTH)


def _shown_of_ticket(column: AnyColumn) -> AnyColumn:
    """Return the part of a value that is shown; the texts of some fields are not."""
    return case((entry_table.c.field.in_(HIDDEN_FIELDS), null()), else_=_shown(column))


_TICKET_KEY = ticket_table.c.key_prefix + "-" + cast(ticket_table.c.key_number, String)
_TICKET_COLUMNS = (
    entry_table.c.id,
    entry_table.c.at,
    entry_table.c.kind,
    entry_table.c.audience,
    entry_table.c.actor_id,
    person_table.c.full_name.label("actor_name"),
    person_table.c.username.label("actor_username"),
    entry_table.c.ticket_id,
    _TICKET_KEY.label("ticket_key"),
    ticket_table.c.title.label("ticket_title"),
    ticket_table.c.deleted_at.is_not(None).label("is_in_trash"),
    entry_table.c.field,
    _shown_of_ticket(entry_table.c.old_value).label("old_value"),
    _shown_of_ticket(entry_table.c.new_value).label("new_value"),
    entry_table.c.channel,
    entry_table.c.address,
    entry_table.c.request_id,
)
_ADMINISTRATION_COLUMNS = (
    audit_entry_table.c.id,
    audit_entry_table.c.at,
    audit_entry_table.c.kind,
    audit_entry_table.c.action,
    audit_entry_table.c.actor_id,
    audit_entry_table.c.actor_name,
    person_table.c.username.label("actor_username"),
    audit_entry_table.c.subject_type,
    audit_entry_table.c.subject_name,
    audit_entry_table.c.field,
    _shown(audit_entry_table.c.old_value).label("old_value"),
    _shown(audit_entry_table.c.new_value).label("new_value"),
    audit_entry_table.c.channel,
    audit_entry_table.c.address,
    audit_entry_table.c.request_id,
)


@dataclass(frozen=True, slots=True)
class Scan:
    """How one page reads one source: through an index, with further conditions on what it finds."""

    source: AuditSource
    indexed: AnySelect
    """Times and ids from the index of the first filter, newest first."""
    further: Sequence[Condition]
    """The filters that are checked on at most `SCAN_LIMIT` of these."""

    def rows(self, limit: int) -> AnySelect:
        """Return the statement for the rows."""
        window = self.indexed.limit(SCAN_LIMIT if self.further else limit).subquery("window")
        is_ticket = self.source is AuditSource.TICKET
        table = entry_table if is_ticket else audit_entry_table
        tables = window.join(table, table.c.id == window.c.id).outerjoin(
            person_table, person_table.c.id == table.c.actor_id
        )
        if is_ticket:
            tables = tables.join(ticket_table, ticket_table.c.id == entry_table.c.ticket_id)
        return (
            select(*(_TICKET_COLUMNS if is_ticket else _ADMINISTRATION_COLUMNS))
            .select_from(tables)
            .where(*self.further)
            .order_by(window.c.at.desc(), window.c.id.desc())
            .limit(limit)
        )

    def last_scanned(self) -> AnySelect:
        """Return the statement for the last entry looked at, if there may be more after it."""
        return self.indexed.offset(SCAN_LIMIT - 1).limit(1)


def scan_tickets(
    query: AuditQuery, after: Position | None, ticket_ids: Sequence[int] | None
) -> Scan | None:
    """Return how to read the timelines, or None if the query excludes them."""
    filters: list[Condition] = []
    if ticket_ids is not None:
        filters.append(entry_table.c.ticket_id.in_(ticket_ids))
    if query.actor_id is not None:
        filters.append(entry_table.c.actor_id == query.actor_id)
    if query.field:
        filters.append(entry_table.c.field == query.field)
    if query.kind is not None:
        if not isinstance(query.kind, EntryKind):
            return None
        has_kind = entry_table.c.kind == query.kind
        is_rare = query.kind not in COMMON_KINDS
        filters.insert(
            0 if is_rare and ticket_ids is None else len(filters),
            and_(IS_RARE_KIND, has_kind) if is_rare else has_kind,
        )
    if query.channel:
        filters.append(entry_table.c.channel == query.channel)
    if query.search.strip():
        filters.append(
            contains_every_word(
                query.search,
                func.coalesce(person_table.c.full_name, ""),
                func.coalesce(person_table.c.username, ""),
                _TICKET_KEY,
                ticket_table.c.title,
                func.coalesce(entry_table.c.field, ""),
                func.coalesce(_shown_of_ticket(entry_table.c.old_value), ""),
                func.coalesce(_shown_of_ticket(entry_table.c.new_value), ""),
            )
        )
    return _scan(
        entry_table, AuditSource.TICKET, query, after, filters, has_index=_is_indexed(query)
    )


def scan_administration(
    query: AuditQuery, after: Position | None, ticket_ids: Sequence[int] | None
) -> Scan | None:
    """Return how to read administrative changes, or None if the query excludes them."""
    table = audit_entry_table
    filters: list[Condition] = []
    if ticket_ids is not None:
        filters.append(
            and_(
                table.c.subject_type == "ticket",
                or_(
                    table.c.subject_id.in_(ticket_ids),
                    table.c.subject_name == query.ticket.strip().upper(),
                ),
            )
        )
    if query.actor_id is not None:
        filters.append(table.c.actor_id == query.actor_id)
    if query.field:
        filters.append(table.c.field == query.field)
    if query.kind is not None:
        if not isinstance(query.kind, AuditKind):
            return None
        filters.append(table.c.kind == query.kind)
    if query.channel:
        filters.append(table.c.channel == query.channel)
    if query.search.strip():
        filters.append(
            contains_every_word(
                query.search,
                func.coalesce(table.c.actor_name, ""),
                table.c.subject_name,
                table.c.action,
                func.coalesce(table.c.field, ""),
                func.coalesce(_shown(table.c.old_value), ""),
                func.coalesce(_shown(table.c.new_value), ""),
            )
        )
    has_index = _is_indexed(query) or query.kind is not None
    return _scan(table, AuditSource.ADMINISTRATION, query, after, filters, has_index=has_index)


def _is_indexed(query: AuditQuery) -> bool:
    """Return whether the first filter of a scan of timelines has an index."""
    is_rare = query.kind is not None and query.kind not in COMMON_KINDS
    return bool(
        query.ticket or query.actor_id is not None or query.field or query.channel or is_rare
    )


def _scan(
    table: Table,
    source: AuditSource,
    query: AuditQuery,
    after: Position | None,
    filters: Sequence[Condition],
    *,
    has_index: bool,
) -> Scan:
    split = 1 if has_index else 0
    conditions = [*filters[:split], *_after(table, source, after), *_in_period(table, query)]
    indexed = (
        select(table.c.at, table.c.id)
        .where(*conditions)
        .order_by(table.c.at.desc(), table.c.id.desc())
    )
    return Scan(source, indexed, filters[split:])


def _after(table: Table, source: AuditSource, position: Position | None) -> list[Condition]:
    """Return the condition for the entries that come after a position: the older ones."""
    if position is None:
        return []
    if source.rank < position.source.rank:
        return [table.c.at <= position.at]
    if source.rank > position.source.rank:
        return [table.c.at < position.at]
    is_older = or_(table.c.at < position.at, table.c.id < position.id)
    return [table.c.at <= position.at, is_older]


def _in_period(table: Table, query: AuditQuery) -> list[Condition]:
    conditions: list[Condition] = []
    if query.since is not None:
        conditions.append(table.c.at >= query.since)
    if query.until is not None:
        conditions.append(table.c.at < query.until)
    return conditions

"""The audit trail: who changed what, when and from where, on tickets and in administration.

Administrators read all tickets, those in the trash and internal changes too; the text of comments
and notes is never part of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from sqlalchemy import select

from ticket_app.core.platform import audit_log, cursors
from ticket_app.core.platform.batch_deletes import delete_batch
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.paging import MAX_PAGE_SIZE, Page, PageRequest
from ticket_app.core.platform.ticket_numbers import parse_reference
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Audience, AuditAction, AuditKind, EntryKind
from ticket_app.core.reports.audit_query import (
    AuditQuery,
    AuditSource,
    Position,
    Scan,
    scan_administration,
    scan_tickets,
)
from ticket_app.core.reports.export import UnitOfWorkFactory
from ticket_app.core.tickets.fields import FIELDS
from ticket_app.settings import settings
from ticket_app.tables import audit_entry_table, ticket_table

EXPORT_BATCH_SIZE = 1_000
VIEW_AUDIT = "view_audit"
CHANNELS = (
    "web",
    "centcom",
    "kubebro",
    "bmasia",
    "enterprise",
    "ticketing",
    "api",
    "mcp",
    "import",
    "email",
    "command_line",
    "system",
)
"""What a change can have come through."""
TICKET_ACTIONS: dict[str, str] = {
    EntryKind.CREATED: "created",
    EntryKind.COMMENT: "commented",
    EntryKind.CHANGE: "changed",
    EntryKind.FILE: "file_added",
    EntryKind.APPROVAL: "approval",
    EntryKind.DELETED: "deleted",
    EntryKind.RESTORED: "restored",
    EntryKind.SERVICE_LEVEL: "sla_target",
}


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One entry of the audit trail."""

    source: AuditSource
    id: int
    at: datetime
    actor_id: int | None
    actor_name: str | None
    actor_username: str | None
    kind: str
    action: str
    subject_type: str
    subject: str
    """The key of a ticket, or the name of what was changed."""
    ticket_id: int | None
    ticket_title: str | None
    is_in_trash: bool
    is_internal: bool
    field: str | None
    old_value: str | None
    new_value: str | None
    channel: str | None
    address: str | None
    request_id: str | None

    @property
    def public_id(self) -> str:
        """An id that is unique among both sources."""
        return f"{self.source[0]}{self.id}"

    @property
    def position(self) -> Position:
        """The place of the entry in the audit trail."""
        return Position(self.at, self.source, self.id)

    @property
    def field_label(self) -> str | None:
        """What people call the field."""
        if self.field is None:
            return None
        known = FIELDS.get(self.field)
        return known.label if known else self.field.replace("_", " ")


class _StoredRow:
    """The columns that both sources have."""

    id: int
    at: datetime
    kind: str
    actor_id: int | None
    actor_name: str | None
    actor_username: str | None
    field: str | None
    old_value: str | None
    new_value: str | None
    channel: str | None
    address: str | None
    request_id: str | None


class TicketChangeRow(_StoredRow):
    """An entry of a timeline with its ticket."""

    audience: str
    ticket_id: int
    ticket_key: str
    ticket_title: str
    is_in_trash: bool


class AdministrationRow(_StoredRow):
    """An administrative change."""

    action: str
    subject_type: str
    subject_name: str


class _PositionRow:
    at: datetime
    id: int


def ensure_can_view(uow: UnitOfWork) -> None:
    """Raise `Forbidden` unless the actor may read the audit trail."""
    uow.actor.require(VIEW_AUDIT, "see the audit log")


def list_entries(
    uow: UnitOfWork,
    query: AuditQuery,
    page_request: PageRequest,
    *,
    max_page_size: int = MAX_PAGE_SIZE,
) -> Page[AuditRow]:
    """Return the matching entries after the cursor, newest first.

    A page may have fewer entries than asked for although more follow, because each page looks at a
    limited number of entries (`audit_query.SCAN_LIMIT`). Raises `Forbidden`, `Invalid` for a wrong
    cursor or ticket.
    """
    ensure_can_view(uow)
    limit = max(1, min(page_request.limit, max_page_size))
    after = None if page_request.cursor is None else _decode(page_request.cursor)
    ticket_ids = _find_ticket_ids(uow, query.ticket) if query.ticket.strip() else None
    rows: list[AuditRow] = []
    ends: list[Position] = []
    for scan in (
        scan_administration(query, after, ticket_ids),
        scan_tickets(query, after, ticket_ids),
    ):
        if scan is None:
            continue
        found = _read(uow, scan, limit + 1)
        rows += found
        end = _scan_end(uow, scan) if len(found) <= limit else None
        ends += [end] if end else []
    rows.sort(key=lambda row: row.position.key, reverse=True)
    end = max(ends, key=attrgetter("key"), default=None)
    if end is not None:
        rows = [row for row in rows if row.position.key >= end.key]
    if len(rows) > limit:
        return Page(rows[:limit], True, _encode(rows[limit - 1].position))
    return Page(rows, end is not None, None if end is None else _encode(end))


def _read(uow: UnitOfWork, scan: Scan, limit: int) -> list[AuditRow]:
    statement = scan.rows(limit)
    if scan.source is AuditSource.TICKET:
        changes = uow.all_rows(statement, of=TicketChangeRow)
        return [_from_ticket(row) for row in changes]
    return [_from_administration(row) for row in uow.all_rows(statement, of=AdministrationRow)]


def _scan_end(uow: UnitOfWork, scan: Scan) -> Position | None:
    if not scan.further:
        return None
    row = uow.first_row(scan.last_scanned(), of=_PositionRow)
    return None if row is None else Position(row.at, scan.source, row.id)


def _from_ticket(row: TicketChangeRow) -> AuditRow:
    action = TICKET_ACTIONS[row.kind]
    if row.kind == EntryKind.APPROVAL and row.field:
        action = f"approval_{row.field}"
    is_approval = row.kind == EntryKind.APPROVAL
    return AuditRow(
        source=AuditSource.TICKET,
        id=row.id,
        at=row.at,
        actor_id=row.actor_id,
        actor_name=row.actor_name,
        actor_username=row.actor_username,
        kind=row.kind,
        action=action,
        subject_type="ticket",
        subject=row.ticket_key,
        ticket_id=row.ticket_id,
        ticket_title=row.ticket_title,
        is_in_trash=row.is_in_trash,
        is_internal=row.audience == Audience.INTERNAL,
        field=None if is_approval else row.field,
        old_value=row.old_value,
        new_value=row.new_value,
        channel=row.channel,
        address=row.address,
        request_id=row.request_id,
    )


def _from_administration(row: AdministrationRow) -> AuditRow:
    return AuditRow(
        source=AuditSource.ADMINISTRATION,
        id=row.id,
        at=row.at,
        actor_id=row.actor_id,
        actor_name=row.actor_name,
        actor_username=row.actor_username,
        kind=row.kind,
        action=row.action,
        subject_type=row.subject_type,
        subject=row.subject_name,
        ticket_id=None,
        ticket_title=None,
        is_in_trash=False,
        is_internal=True,
        field=row.field,
        old_value=row.old_value,
        new_value=row.new_value,
        channel=row.channel,
        address=row.address or None,
        request_id=row.request_id or None,
    )


def _find_ticket_ids(uow: UnitOfWork, reference: str) -> Sequence[int]:
    parsed = parse_reference(reference)
    if parsed is None:
        raise Invalid("ticket", "must be the number of a ticket", reference)
    statement = select(ticket_table.c.id).where(parsed.condition()).limit(MAX_PAGE_SIZE)
    return uow.connection.execute(statement).scalars().all()


def _encode(position: Position) -> str:
    return cursors.encode("audit", position.at.isoformat(), position.source, position.id)


def _decode(cursor: str) -> Position:
    parts = cursors.decode(cursor)
    try:
        name, at, source, row_id = parts
        position = Position(datetime.fromisoformat(str(at)), AuditSource(str(source)), 0)
    except ValueError:
        raise Invalid("cursor", cursors.INVALID_CURSOR) from None
    if name != "audit" or not cursors.is_row_id(row_id) or position.at.tzinfo is None:
        raise Invalid("cursor", cursors.INVALID_CURSOR)
    return Position(position.at, position.source, row_id)


def iter_batches(open_uow: UnitOfWorkFactory, query: AuditQuery) -> Iterator[Sequence[AuditRow]]:
    """Yield all matching entries in batches, newest first, each read in a transaction of its own.

    Yields one empty batch if there are none. Raises `Forbidden`, `Invalid`.
    """
    cursor: str | None = None
    while True:
        with open_uow() as uow:
            part = PageRequest(limit=EXPORT_BATCH_SIZE, cursor=cursor)
            page = list_entries(uow, query, part, max_page_size=EXPORT_BATCH_SIZE)
        yield page.rows
        cursor = page.next_cursor
        if cursor is None:
            return


def record_export(uow: UnitOfWork, file_format: str, filters: str) -> None:
    """Record that the actor exports the audit trail. Raises `Forbidden`."""
    ensure_can_view(uow)
    audit_log.record(
        uow,
        AuditKind.DATA,
        AuditAction.EXPORTED,
        subject_type="audit_log",
        subject_name="Audit log",
        field="filters",
        new=f"{file_format}: {filters or 'everything'}",
    )


def delete_expired_batch(uow: UnitOfWork) -> int:
    """Delete a batch of administrative entries older than `TICKET_AUDIT_DAYS`; return how many.

    By default none is ever deleted.
    """
    days = settings().audit_days
    if days is None:
        return 0
    is_expired = audit_entry_table.c.at < uow.now - timedelta(days=days)
    return delete_batch(uow, audit_entry_table, is_expired)

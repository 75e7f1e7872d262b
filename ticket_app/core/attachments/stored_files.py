"""List and read the files of tickets, comments and drafts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, or_, select

from ticket_app.core.attachments.rows import AttachmentRow, StoredFileRow
from ticket_app.core.platform.access_policy import (
    readable_audiences,
    readable_condition,
    reading_parameters,
)
from ticket_app.core.platform.errors import Forbidden, NotFound
from ticket_app.core.platform.storage import file_storage
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import ScanStatus
from ticket_app.core.timeline import drafts
from ticket_app.tables import attachment_table, person_table, ticket_table

_SELECT_FILES = (
    select(
        attachment_table,
        person_table.c.uuid.label("uploader_uuid"),
        person_table.c.username.label("uploader_username"),
        person_table.c.first_name.label("uploader_first_name"),
        person_table.c.last_name.label("uploader_last_name"),
        person_table.c.full_name.label("uploader_name"),
        person_table.c.role.label("uploader_role"),
    )
    .select_from(
        attachment_table.join(person_table, person_table.c.id == attachment_table.c.uploader_id)
    )
    .where(attachment_table.c.deleted_at.is_(None))
)
_SELECT_FILES_OF_TICKET = _SELECT_FILES.where(
    attachment_table.c.ticket_id == bindparam("ticket_id"),
    attachment_table.c.audience.in_(bindparam("audiences", expanding=True)),
).order_by(attachment_table.c.id)
_SELECT_FILES_OF_DRAFT = _SELECT_FILES.where(
    attachment_table.c.draft_id == bindparam("draft_id")
).order_by(attachment_table.c.id)


def list_ticket_files(uow: UnitOfWork, ticket_id: int) -> Sequence[AttachmentRow]:
    """Return the files on a ticket that the actor may see, oldest first."""
    values = {"ticket_id": ticket_id, "audiences": list(readable_audiences(uow.actor))}
    return uow.all_rows(_SELECT_FILES_OF_TICKET, values, of=AttachmentRow)


_SELECT_FILE_IDS_OF_COMMENTS = (
    select(attachment_table.c.id, attachment_table.c.entry_id)
    .where(
        attachment_table.c.entry_id.in_(bindparam("entries", expanding=True)),
        attachment_table.c.deleted_at.is_(None),
        attachment_table.c.audience.in_(bindparam("audiences", expanding=True)),
    )
    .order_by(attachment_table.c.id)
)


def file_ids_by_comment(uow: UnitOfWork, entry_ids: Sequence[int]) -> dict[int, list[int]]:
    """Return the ids of the files of comments the actor may read, by comment id."""
    if not entry_ids:
        return {}
    values = {"entries": list(entry_ids), "audiences": list(readable_audiences(uow.actor))}
    ids_by_entry: dict[int, list[int]] = {}
    for row in uow.connection.execute(_SELECT_FILE_IDS_OF_COMMENTS, values):
        ids_by_entry.setdefault(row.entry_id, []).append(row.id)
    return ids_by_entry


def list_draft_files(uow: UnitOfWork, place: str) -> Sequence[AttachmentRow]:
    """Return the files of the actor's draft at a place, oldest first."""
    draft = drafts.find_draft(uow, place)
    if draft is None:
        return []
    return uow.all_rows(_SELECT_FILES_OF_DRAFT, {"draft_id": draft.id}, of=AttachmentRow)


def get_downloadable_file(uow: UnitOfWork, reference: UUID | int | str) -> AttachmentRow:
    """Return a file the actor may download, by its UUID, id or stored name.

    Raises `NotFound` unless it is on a ticket they may see or in a draft of theirs, `Forbidden`
    unless it has passed the security scan.
    """
    # Correlated, as SQLite would read every ticket for an IN.
    on_ticket = (
        select(ticket_table.c.id)
        .where(ticket_table.c.id == attachment_table.c.ticket_id, readable_condition(uow.actor))
        .correlate(attachment_table)
        .exists()
    )
    statement = _SELECT_FILES.where(
        matches_reference(reference),
        or_(
            and_(on_ticket, attachment_table.c.audience.in_(list(readable_audiences(uow.actor)))),
            and_(
                attachment_table.c.ticket_id.is_(None),
                attachment_table.c.uploader_id == uow.actor.id,
            ),
        ),
    )
    row = uow.first_row(statement, reading_parameters(uow.actor), of=AttachmentRow)
    if row is None:
        raise NotFound("File")
    if row.scan_status != ScanStatus.CLEAN:
        raise Forbidden("The file has not passed the security scan")
    return row


def matches_reference(reference: UUID | int | str) -> ColumnElement[bool]:
    """Return the condition for the file with this UUID, id or stored name."""
    if isinstance(reference, UUID):
        return attachment_table.c.uuid == reference
    return (
        attachment_table.c.id == reference
        if isinstance(reference, int)
        else attachment_table.c.stored_name == reference
    )


def read_content(row: StoredFileRow, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """Return the bytes of a file from `start` up to but not including `end`, in chunks.

    Raises `NotFound` immediately if it is missing in the file store.
    """
    return file_storage().stream(row.storage_key, start, end)

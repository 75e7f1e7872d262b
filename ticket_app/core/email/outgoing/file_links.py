"""Links to files that work without signing in, until they expire (MAIL.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import bindparam, select

from ticket_app.core.attachments.rows import AttachmentRow
from ticket_app.core.platform import secrets
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.page_links import absolute_link
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Audience, ScanStatus
from ticket_app.tables import attachment_table, ticket_table

LIFETIME = timedelta(days=7)
_PURPOSE = "link to a file in an email"


@dataclass(frozen=True, slots=True)
class FileLink:
    """A file as an email shows it; `size` in bytes."""

    name: str
    size: int
    url: str


class _FileRow:
    uuid: UUID
    entry_id: int | None
    original_name: str
    size: int


_SELECT_FILES = (
    select(
        attachment_table.c.uuid,
        attachment_table.c.entry_id,
        attachment_table.c.original_name,
        attachment_table.c.size,
    )
    .where(
        attachment_table.c.ticket_id == bindparam("ticket_id"),
        attachment_table.c.deleted_at.is_(None),
        attachment_table.c.scan_status == ScanStatus.CLEAN,
        attachment_table.c.audience.in_(bindparam("audiences", expanding=True)),
    )
    .order_by(attachment_table.c.id)
    .limit(100)
)


def list_file_links(
    uow: UnitOfWork, ticket_id: int, *, is_staff: bool
) -> dict[int | None, Sequence[FileLink]]:
    """Return links to the files of a ticket by the entry they belong to, None for its own."""
    audiences = [Audience.PUBLIC, Audience.INTERNAL] if is_staff else [Audience.PUBLIC]
    values = {"ticket_id": ticket_id, "audiences": audiences}
    links: dict[int | None, list[FileLink]] = {}
    for row in uow.all_rows(_SELECT_FILES, values, of=_FileRow):
        url = build_url(row.uuid, row.original_name, uow.now + LIFETIME)
        links.setdefault(row.entry_id, []).append(FileLink(row.original_name, row.size, url))
    return dict(links)


def build_url(file: UUID, name: str, expires_at: datetime) -> str:
    """Return a link to a file that works until `expires_at`, for whoever has it."""
    expires = str(int(expires_at.timestamp()))
    signature = secrets.sign_text(_PURPOSE, f"{file}.{expires}")
    return absolute_link(f"/mail/files/{file}/{expires}/{signature}/{quote(name, safe='')}")


_SELECT_FILE = (
    select(attachment_table)
    .select_from(
        attachment_table.join(ticket_table, ticket_table.c.id == attachment_table.c.ticket_id)
    )
    .where(
        attachment_table.c.uuid == bindparam("file_uuid"),
        attachment_table.c.deleted_at.is_(None),
        ticket_table.c.deleted_at.is_(None),
        attachment_table.c.scan_status == ScanStatus.CLEAN,
    )
)


def get_linked_file(uow: UnitOfWork, file: UUID, expires: str, signature: str) -> AttachmentRow:
    """Return the file of a link.

    Raises `NotFound` if the link was altered or has expired, or the file or its ticket was deleted.
    """
    is_genuine = secrets.verify_signature(signature, _PURPOSE, f"{file}.{expires}")
    if not is_genuine or not expires.isdecimal() or int(expires) < uow.now.timestamp():
        raise NotFound("File")
    row = uow.first_row(_SELECT_FILE, {"file_uuid": file}, of=AttachmentRow)
    if row is None:
        raise NotFound("File")
    return row

"""Check, scan and store uploaded files, before they are attached to anything."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import select, update

from ticket_app.core.attachments import file_types
from ticket_app.core.attachments.rows import StoredFileRow
from ticket_app.core.attachments.scanning.scanner import scanner_from
from ticket_app.core.attachments.scanning.verdicts import Scanner, Verdict
from ticket_app.core.attachments.stored_files import read_content
from ticket_app.core.platform import action_limits, storage
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import FileRejected
from ticket_app.core.platform.storage import file_storage
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import ScanStatus
from ticket_app.settings import settings
from ticket_app.tables import attachment_table

MAX_FILE_BYTES = 10 * 1024 * 1024
"""Bytes (Centcom, "File Upload Limits")."""
MAX_FILE_SIZE = f"{MAX_FILE_BYTES // 1024**2} MB"
TOO_LARGE = f"The file is larger than {MAX_FILE_SIZE}"
SCAN_TOPIC = "attachment.scan"


@lru_cache(maxsize=1)
def get_scanner() -> Scanner:
    """Return the file scanner: the built-in one, and ClamAV if configured."""
    return scanner_from(settings().clamav_url)


@dataclass(frozen=True, slots=True)
class StoredUpload:
    """A file that has been checked and stored, and is not attached to anything yet."""

    uuid: UUID
    original_name: str
    stored_name: str
    mime_type: str
    size: int
    sha256: str
    storage_key: str
    scan_status: ScanStatus
    scan_reason: str | None


def count_check_and_store(actor: Actor, path: Path, name: str, *, now: datetime) -> StoredUpload:
    """Count an upload, then recognise, scan and store the file. Takes time: use no transaction.

    Raises `FileRejected` for a file that is too large, of a type that is not accepted, not of the
    type its name says, or infected; nothing of it is kept then. Raises `Forbidden`, and
    `RateLimited` if a requester uploads too many files within an hour.
    """
    count_upload_if_allowed(actor)
    return check_content_and_store(path, name, now=now)


def count_upload_if_allowed(actor: Actor) -> None:
    """Count an upload against the hourly limit of requesters. Raises `Forbidden`, `RateLimited`."""
    actor.require("upload_files", "upload files")
    if not actor.is_staff:
        action_limits.count_upload(actor.id)


def check_content_and_store(path: Path, name: str, *, now: datetime) -> StoredUpload:
    """Recognise, scan and store a file of at most `MAX_FILE_BYTES`.

    Neither permission nor hourly limit is checked. Raises `FileRejected`.
    """
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise FileRejected(TOO_LARGE, is_too_large=True)
    display_name = file_types.display_name(name)
    with path.open("rb") as file:
        file_type = file_types.recognise(display_name, file.read(file_types.HEAD_BYTES), path)
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    verdict = get_scanner().scan(path, file_type)
    if verdict.status == "infected":
        raise FileRejected(f"{display_name} was rejected by the security scan: {verdict.reason}")
    file_uuid = uuid4()
    storage_key = storage.build_key(now, file_uuid)
    file_storage().put(storage_key, path)
    return StoredUpload(
        uuid=file_uuid,
        original_name=display_name,
        stored_name=file_types.stored_name(now, file_type.extension),
        mime_type=file_type.mime,
        size=size,
        sha256=digest,
        storage_key=storage_key,
        scan_status=ScanStatus.CLEAN if verdict.status == "clean" else ScanStatus.PENDING,
        scan_reason=verdict.reason or None,
    )


def discard_upload(upload: StoredUpload) -> None:
    """Delete a stored file that could not be attached."""
    file_storage().delete(upload.storage_key)


def find_unscanned_file(uow: UnitOfWork, attachment_id: int) -> StoredFileRow | None:
    """Return a file whose scan is pending, or None."""
    statement = select(attachment_table).where(
        attachment_table.c.id == attachment_id, attachment_table.c.scan_status == ScanStatus.PENDING
    )
    return uow.first_row(statement, of=StoredFileRow)


def rescan_stored_file(row: StoredFileRow) -> Verdict:
    """Scan a stored file again."""
    file_type = file_types.BY_MIME[row.mime_type]
    with tempfile.NamedTemporaryFile() as copy:
        for chunk in read_content(row):
            copy.write(chunk)
        copy.flush()
        return get_scanner().scan(Path(copy.name), file_type)


def save_scan_result(uow: UnitOfWork, attachment_id: int, verdict: Verdict) -> None:
    """Store the result of a later scan."""
    status = ScanStatus(verdict.status)
    uow.connection.execute(
        update(attachment_table)
        .where(attachment_table.c.id == attachment_id)
        .values(scan_status=status, scan_reason=verdict.reason or None)
    )

"""Store, attach, list, download and remove files of tickets, comments and drafts."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, update

from ticket_app.core.attachments import announced_files, file_types
from ticket_app.core.attachments.scanning.scanner import scanner_from
from ticket_app.core.attachments.scanning.verdicts import Scanner, Verdict
from ticket_app.core.platform import action_limits, outbox, storage, validators
from ticket_app.core.platform.access_policy import (
    readable_audiences,
    visibility_condition,
    visibility_parameters,
)
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import FileRejected, Forbidden, NotFound, RuleViolation
from ticket_app.core.platform.storage import file_storage
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import AttachmentType, Audience, EntryKind, ScanStatus
from ticket_app.core.search import search_index
from ticket_app.core.tickets import locking
from ticket_app.core.tickets.fields import MAX_FILES
from ticket_app.core.timeline import drafts, timeline
from ticket_app.settings import settings
from ticket_app.tables import Attachment, Ticket, attachment_table, person_table, ticket_table

MAX_FILE_BYTES = 10 * 1024 * 1024
"""Bytes (Centcom, "File Upload Limits")."""
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


def check_and_store(actor: Actor, path: Path, name: str, *, now: datetime) -> StoredUpload:
    """Recognise, scan and store an uploaded file. Takes time: call it outside of transactions.

    Raises `FileRejected` for a file that is too large, of a type that is not accepted, not of the
    type its name says, or infected; nothing of it is kept then. Raises `RateLimited` if a requester
    uploads too many files within an hour.
    """
    actor.require("upload_files", "upload files")
    if not actor.is_staff:
        action_limits.count_upload(actor.id)
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise FileRejected("The file is larger than 10 MB", is_too_large=True)
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


def attach(
    uow: UnitOfWork,
    ticket: Ticket,
    upload: StoredUpload,
    *,
    attachment_type: AttachmentType = AttachmentType.OTHER,
    description: str | None = None,
    is_public: bool = False,
    internal: bool = False,
) -> Attachment:
    """Attach a stored file to a locked ticket. Raises `Forbidden`, `RuleViolation`.

    A file that was announced with a comment is attached to that comment, with its audience.
    """
    assert ticket.id is not None
    if internal:
        uow.actor.require("write_notes", "attach internal files")
    _ensure_room_for(uow, ticket, 1)
    announcement = announced_files.claim_announcement(
        uow, ticket.id, upload.original_name, internal=internal
    )
    attachment = _create_attachment(
        uow,
        upload,
        ticket_id=ticket.id,
        entry_id=announcement.entry_id if announcement else None,
        attachment_type=attachment_type,
        description=validators.optional_line("description", description, 1000),
        is_public=is_public,
        audience=announcement.audience
        if announcement
        else Audience.INTERNAL
        if internal
        else Audience.PUBLIC,
    )
    _publish_on_ticket(uow, ticket, [attachment])
    return attachment


def _ensure_room_for(uow: UnitOfWork, ticket: Ticket, count: int) -> None:
    locking.ensure_not_merged(uow, ticket)
    if ticket.attachments_count + ticket.internal_attachments_count + count > MAX_FILES:
        raise RuleViolation(f"A ticket holds at most {MAX_FILES} files")


def attach_to_draft(uow: UnitOfWork, place: str, upload: StoredUpload) -> Attachment:
    """Attach a stored file to the actor's draft at a place. Raises `RuleViolation`."""
    draft = drafts.find_draft(uow, place) or drafts.save_draft(uow, place, {})
    file_count = uow.connection.execute(_COUNT_FILES_OF_DRAFT, {"draft_id": draft.id}).scalar_one()
    if file_count >= MAX_FILES:
        raise RuleViolation(f"A ticket holds at most {MAX_FILES} files")
    return _create_attachment(
        uow,
        upload,
        draft_id=draft.id,
        attachment_type=_guess_attachment_type(upload.mime_type, upload.original_name),
        audience=Audience.PUBLIC,
    )


def _guess_attachment_type(mime_type: str, name: str) -> AttachmentType:
    if mime_type.startswith("image/"):
        return AttachmentType.SCREENSHOT
    if mime_type.startswith("video/"):
        return AttachmentType.VIDEO
    if name.lower().endswith((".log", ".txt")):
        return AttachmentType.LOG_FILE
    return AttachmentType.DOCUMENT


def _create_attachment(uow: UnitOfWork, upload: StoredUpload, **columns: Any) -> Attachment:
    attachment = Attachment(
        uuid=upload.uuid,
        uploader_id=uow.actor.id,
        original_name=upload.original_name,
        stored_name=upload.stored_name,
        mime_type=upload.mime_type,
        size=upload.size,
        sha256=upload.sha256,
        storage_key=upload.storage_key,
        scan_status=upload.scan_status,
        scan_reason=upload.scan_reason,
        uploaded_at=uow.now,
        **columns,
    )
    uow.session.add(attachment)
    uow.flush()
    if attachment.scan_status == ScanStatus.PENDING:
        outbox.enqueue(uow, SCAN_TOPIC, attachment_id=attachment.id)
    return attachment


def _publish_on_ticket(uow: UnitOfWork, ticket: Ticket, files: Sequence[Attachment]) -> None:
    assert ticket.id is not None
    for attachment in files:
        timeline.add_entry(
            uow,
            ticket.id,
            EntryKind.FILE,
            audience=Audience(attachment.audience),
            new_value=attachment.original_name,
            new_id=attachment.id,
        )
        if attachment.audience == Audience.INTERNAL:
            ticket.internal_attachments_count += 1
        else:
            ticket.attachments_count += 1
    if files:
        locking.mark_changed(uow, ticket)
        uow.flush()
        search_index.reindex_files(uow, ticket.id)


def attach_draft_files(
    uow: UnitOfWork,
    ticket: Ticket,
    place: str,
    *,
    entry_id: int | None = None,
    internal: bool = False,
) -> int:
    """Attach the files of the actor's draft to a ticket (and comment); return how many.

    Raises `RuleViolation` if the ticket would have too many files.
    """
    draft = drafts.find_draft(uow, place)
    if draft is None:
        return 0
    files = (
        uow.session.execute(
            select(Attachment)
            .where(attachment_table.c.draft_id == draft.id, attachment_table.c.deleted_at.is_(None))
            .order_by(attachment_table.c.id)
        )
        .scalars()
        .all()
    )
    attach_stored_files(uow, ticket, files, entry_id=entry_id, internal=internal)
    return len(files)


def attach_stored_files(
    uow: UnitOfWork,
    ticket: Ticket,
    files: Sequence[Attachment],
    *,
    entry_id: int | None = None,
    internal: bool = False,
) -> None:
    """Attach files that were uploaded before to a locked ticket, or to a comment on it.

    Raises `RuleViolation` if the ticket would have too many files.
    """
    if not files:
        return
    _ensure_room_for(uow, ticket, len(files))
    for attachment in files:
        attachment.ticket_id, attachment.draft_id, attachment.entry_id = ticket.id, None, entry_id
        attachment.audience = Audience.INTERNAL if internal else Audience.PUBLIC
    uow.flush()
    _publish_on_ticket(uow, ticket, files)


def move_files(
    uow: UnitOfWork, source: Ticket, target: Ticket, files: Sequence[Attachment]
) -> None:
    """Move public files from one locked ticket to another one.

    Raises `RuleViolation` if the other ticket would have too many files.
    """
    assert source.id is not None
    if not files:
        return
    _ensure_room_for(uow, target, len(files))
    for attachment in files:
        attachment.ticket_id = target.id
        source.attachments_count -= 1
        timeline.add_entry(
            uow,
            source.id,
            EntryKind.CHANGE,
            audience=Audience(attachment.audience),
            field="file",
            old_value=attachment.original_name,
            old_id=attachment.id,
        )
    locking.mark_changed(uow, source)
    uow.flush()
    search_index.reindex_files(uow, source.id)
    _publish_on_ticket(uow, target, files)


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
_COUNT_FILES_OF_DRAFT = select(func.count()).where(
    attachment_table.c.draft_id == bindparam("draft_id"), attachment_table.c.deleted_at.is_(None)
)


def list_ticket_files(uow: UnitOfWork, ticket_id: int) -> Sequence[Any]:
    """Return the files on a ticket that the actor may see, oldest first."""
    values = {"ticket_id": ticket_id, "audiences": list(readable_audiences(uow.actor))}
    return uow.connection.execute(_SELECT_FILES_OF_TICKET, values).all()


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


def list_draft_files(uow: UnitOfWork, place: str) -> Sequence[Any]:
    """Return the files of the actor's draft at a place, oldest first."""
    draft = drafts.find_draft(uow, place)
    return (
        []
        if draft is None
        else uow.connection.execute(_SELECT_FILES_OF_DRAFT, {"draft_id": draft.id}).all()
    )


def get_downloadable_file(uow: UnitOfWork, reference: UUID | int | str) -> Any:
    """Return a file the actor may download, by its UUID, id or stored name.

    Raises `NotFound` unless it is on a ticket they may see or in a draft of theirs, `Forbidden`
    unless it has passed the security scan.
    """
    on_ticket = attachment_table.c.ticket_id.in_(
        select(ticket_table.c.id).where(visibility_condition(uow.actor))
    )
    statement = _SELECT_FILES.where(
        _matches_reference(reference),
        or_(
            and_(on_ticket, attachment_table.c.audience.in_(list(readable_audiences(uow.actor)))),
            and_(
                attachment_table.c.ticket_id.is_(None),
                attachment_table.c.uploader_id == uow.actor.id,
            ),
        ),
    )
    row = uow.connection.execute(statement, visibility_parameters(uow.actor)).first()
    if row is None:
        raise NotFound("File")
    if row.scan_status != ScanStatus.CLEAN:
        raise Forbidden("The file has not passed the security scan")
    return row


def _matches_reference(reference: UUID | int | str) -> ColumnElement[bool]:
    if isinstance(reference, UUID):
        return attachment_table.c.uuid == reference
    return (
        attachment_table.c.id == reference
        if isinstance(reference, int)
        else attachment_table.c.stored_name == reference
    )


def read_content(row: Any, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """Return the bytes of a file from `start` up to but not including `end`, in chunks.

    Raises `NotFound` immediately if it is missing in the file store.
    """
    return file_storage().stream(row.storage_key, start, end)


def remove_file(uow: UnitOfWork, reference: UUID | int) -> None:
    """Remove the actor's own file from a draft, or as staff any file from a ticket.

    Raises `NotFound`, `Forbidden`.
    """
    attachment = uow.session.execute(
        select(Attachment).where(
            _matches_reference(reference), attachment_table.c.deleted_at.is_(None)
        )
    ).scalar_one_or_none()
    if attachment is None:
        raise NotFound("File")
    if attachment.ticket_id is None:
        if attachment.uploader_id != uow.actor.id:
            raise NotFound("File")
        uow.actor.require("upload_files", "remove files")
        attachment.deleted_at = uow.now
        uow.flush()
        return
    try:
        ticket = locking.lock_ticket(uow, attachment.ticket_id)
    except NotFound:
        raise NotFound("File") from None
    if attachment.audience not in readable_audiences(uow.actor):
        raise NotFound("File")
    uow.actor.require("work_tickets", "remove files from tickets")
    attachment.deleted_at = uow.now
    if attachment.audience == Audience.INTERNAL:
        ticket.internal_attachments_count -= 1
    else:
        ticket.attachments_count -= 1
    timeline.add_entry(
        uow,
        attachment.ticket_id,
        EntryKind.CHANGE,
        audience=Audience(attachment.audience),
        field="file",
        old_value=attachment.original_name,
        old_id=attachment.id,
    )
    locking.mark_changed(uow, ticket)
    uow.flush()
    search_index.reindex_files(uow, attachment.ticket_id)


def scan_stored_file(row: Any) -> Verdict:
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


def find_unscanned_file(uow: UnitOfWork, attachment_id: int) -> Any:
    """Return a file whose scan is pending, or None."""
    statement = select(attachment_table).where(
        attachment_table.c.id == attachment_id, attachment_table.c.scan_status == ScanStatus.PENDING
    )
    return uow.connection.execute(statement).first()

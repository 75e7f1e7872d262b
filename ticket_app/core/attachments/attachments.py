"""Attach, move and remove files of tickets, comments and drafts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, func, select

from ticket_app.core.attachments import announced_files
from ticket_app.core.attachments.file_types import BY_EXTENSION, display_name, extension_of
from ticket_app.core.attachments.rows import AttachmentRow
from ticket_app.core.attachments.stored_files import matches_reference
from ticket_app.core.attachments.uploading import SCAN_TOPIC, StoredUpload
from ticket_app.core.platform import outbox, validators
from ticket_app.core.platform.access_policy import (
    readable_audiences,
)
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Invalid, NotFound, RuleViolation, VersionConflict
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import AttachmentType, Audience, EntryKind, ScanStatus
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.core.tickets import locking
from ticket_app.core.tickets.changing import changing
from ticket_app.core.tickets.fields import MAX_FILES
from ticket_app.core.timeline import drafts, timeline
from ticket_app.tables import Attachment, Ticket, attachment_table

MAX_NAME_LENGTH = 255
MAX_DESCRIPTION_LENGTH = 1000
FILE_HAS_CHANGED = "The file has changed since you opened it. Nothing was changed."


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What people may change of a file on a ticket."""

    name: str
    description: str | None

    @classmethod
    def of(cls, attachment: Attachment | AttachmentRow) -> FileFacts:
        """Return the name and description of a file."""
        return cls(attachment.original_name, attachment.description)


def attach(
    uow: UnitOfWork,
    ticket: Ticket,
    upload: StoredUpload,
    *,
    attachment_type: AttachmentType = AttachmentType.OTHER,
    description: str | None = None,
    is_public: bool = False,
    internal: bool = False,
    entry_id: int | None = None,
) -> Attachment:
    """Attach a stored file to a locked ticket, or to the comment `entry_id` on it.

    A file that was announced with a comment is attached to that comment, with its audience.
    Raises `Forbidden`, `Invalid`, `RuleViolation`.
    """
    assert ticket.id is not None
    if internal:
        uow.actor.require("write_notes", "attach internal files")
    _ensure_room_for(uow, ticket, 1)
    announcement = announced_files.find_and_delete_announcement(
        uow, ticket.id, upload.original_name, internal=internal
    )
    attachment = _create_attachment(
        uow,
        upload,
        ticket_id=ticket.id,
        entry_id=announcement.entry_id if announcement else entry_id,
        attachment_type=attachment_type,
        description=validators.optional_line("description", description, MAX_DESCRIPTION_LENGTH),
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
        attachment_type=guess_attachment_type(upload.mime_type, upload.original_name),
        audience=Audience.PUBLIC,
    )


def guess_attachment_type(mime_type: str, name: str) -> AttachmentType:
    """Return the type of a file that nobody has named one for."""
    if mime_type.startswith("image/"):
        return AttachmentType.SCREENSHOT
    if mime_type.startswith("video/"):
        return AttachmentType.VIDEO
    if name.lower().endswith((".log", ".txt")):
        return AttachmentType.LOG_FILE
    return AttachmentType.DOCUMENT


def _create_attachment(
    uow: UnitOfWork,
    upload: StoredUpload,
    *,
    attachment_type: AttachmentType,
    audience: str,
    ticket_id: int | None = None,
    entry_id: int | None = None,
    draft_id: int | None = None,
    description: str | None = None,
    is_public: bool = False,
) -> Attachment:
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
        attachment_type=attachment_type,
        audience=audience,
        ticket_id=ticket_id,
        entry_id=entry_id,
        draft_id=draft_id,
        description=description,
        is_public=is_public,
    )
    uow.session.add(attachment)
    uow.flush()
    if attachment.scan_status == ScanStatus.PENDING:
        outbox.enqueue(uow, SCAN_TOPIC, attachment_id=attachment.id)
    return attachment


def _publish_on_ticket(uow: UnitOfWork, ticket: Ticket, files: Sequence[Attachment]) -> None:
    assert ticket.id is not None
    with changing(uow, ticket):
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
    files = uow.session.scalars(
        select(Attachment)
        .where(attachment_table.c.draft_id == draft.id, attachment_table.c.deleted_at.is_(None))
        .order_by(attachment_table.c.id)
    ).all()
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
    with changing(uow, source):
        for attachment in files:
            attachment.ticket_id = target.id
            source.attachments_count -= 1
            _record_removal(uow, source.id, attachment)
    _publish_on_ticket(uow, target, files)


_COUNT_FILES_OF_DRAFT = select(func.count()).where(
    attachment_table.c.draft_id == bindparam("draft_id"), attachment_table.c.deleted_at.is_(None)
)


def can_change_file(actor: Actor, uploader_id: int) -> bool:
    """Return whether the actor may change and remove a file that they may see on a ticket."""
    return actor.can("work_tickets") or (uploader_id == actor.id and actor.can("upload_files"))


def edit_file(
    uow: UnitOfWork,
    reference: UUID | int,
    *,
    name: str,
    description: str | None,
    original: FileFacts | None = None,
) -> None:
    """Rename and describe a file on a ticket; it keeps its extension.

    People may change their own files, staff any. `original` is what the actor began to edit.
    Raises `NotFound`, `Forbidden`, `Invalid`, `RuleViolation` for a merged ticket,
    `VersionConflict` (it is no longer `original`).
    """
    ticket, attachment = _lock_file(uow, reference, "change files of other people")
    locking.ensure_not_merged(uow, ticket)
    if original is not None and original != FileFacts.of(attachment):
        raise VersionConflict(FILE_HAS_CHANGED)
    new = FileFacts(
        _validate_file_name(attachment.original_name, name),
        validators.optional_line("description", description, MAX_DESCRIPTION_LENGTH),
    )
    old = FileFacts.of(attachment)
    changes = (
        (ticket_fields.FILE_NAME, old.name, new.name),
        (ticket_fields.FILE_DESCRIPTION, old.description, new.description),
    )
    with changing(uow, ticket):
        attachment.original_name, attachment.description = new.name, new.description
        for field, old_value, new_value in changes:
            if old_value != new_value:
                timeline.add_entry(
                    uow,
                    _ticket_id_of(attachment),
                    EntryKind.CHANGE,
                    audience=Audience(attachment.audience),
                    field=field.name,
                    old_value=old_value,
                    new_value=new_value,
                    old_id=attachment.id,
                    new_id=attachment.id,
                )


def _validate_file_name(present_name: str, name: str) -> str:
    """Return the new name of a file, with its extension added if it was left out."""
    line = validators.required_line("name", name, MAX_NAME_LENGTH)
    extension = present_name.rpartition(".")[2]
    if extension_of(line) != extension_of(present_name):
        if "." in line and extension_of(line) in BY_EXTENSION:
            raise Invalid("name", f"must end with .{extension}")
        line = f"{line}.{extension}"
    return display_name(line)


def remove_file(uow: UnitOfWork, reference: UUID | int) -> None:
    """Remove the actor's own file from a draft or ticket, or as staff any file from a ticket.

    Raises `NotFound`, `Forbidden`, `VersionConflict` (a merge has just moved the file).
    """
    attachment = _get_file(uow, reference)
    if attachment.ticket_id is None:
        if attachment.uploader_id != uow.actor.id:
            raise NotFound("File")
        uow.actor.require("upload_files", "remove files")
        attachment.deleted_at = uow.now
        uow.flush()
        return
    ticket, attachment = _lock_file(uow, reference, "remove files of other people")
    with changing(uow, ticket):
        attachment.deleted_at = uow.now
        if attachment.audience == Audience.INTERNAL:
            ticket.internal_attachments_count -= 1
        else:
            ticket.attachments_count -= 1
        _record_removal(uow, _ticket_id_of(attachment), attachment)


def _get_file(uow: UnitOfWork, reference: UUID | int) -> Attachment:
    statement = select(Attachment).where(
        matches_reference(reference), attachment_table.c.deleted_at.is_(None)
    )
    attachment = uow.session.scalars(
        statement.execution_options(populate_existing=True)
    ).one_or_none()
    if attachment is None:
        raise NotFound("File")
    return attachment


def _lock_file(uow: UnitOfWork, reference: UUID | int, action: str) -> tuple[Ticket, Attachment]:
    """Lock the ticket of a file that the actor may change.

    Raises `NotFound`, `Forbidden`, `VersionConflict` (a merge has just moved the file).
    """
    attachment = _get_file(uow, reference)
    if attachment.ticket_id is None:
        raise NotFound("File")
    try:
        ticket = locking.lock_ticket(uow, attachment.ticket_id)
    except NotFound:
        raise NotFound("File") from None
    # Read again, as the file may have changed before the ticket was locked.
    attachment = _get_file(uow, reference)
    if attachment.ticket_id != ticket.id:
        raise VersionConflict(FILE_HAS_CHANGED)
    if attachment.audience not in readable_audiences(uow.actor):
        raise NotFound("File")
    if not can_change_file(uow.actor, attachment.uploader_id):
        uow.actor.require("upload_files", action)
        uow.actor.require("work_tickets", action)
    return ticket, attachment


def _ticket_id_of(attachment: Attachment) -> int:
    assert attachment.ticket_id is not None
    return attachment.ticket_id


def _record_removal(uow: UnitOfWork, ticket_id: int, attachment: Attachment) -> None:
    timeline.add_entry(
        uow,
        ticket_id,
        EntryKind.CHANGE,
        audience=Audience(attachment.audience),
        field=ticket_fields.FILE.name,
        old_value=attachment.original_name,
        old_id=attachment.id,
    )

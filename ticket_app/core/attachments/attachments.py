"""Attach, move and remove files of tickets, comments and drafts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select

from ticket_app.core.attachments import announced_files
from ticket_app.core.attachments.stored_files import matches_reference
from ticket_app.core.attachments.uploading import SCAN_TOPIC, StoredUpload
from ticket_app.core.platform import outbox, validators
from ticket_app.core.platform.access_policy import (
    readable_audiences,
)
from ticket_app.core.platform.errors import NotFound, RuleViolation
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import AttachmentType, Audience, EntryKind, ScanStatus
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.core.tickets import locking
from ticket_app.core.tickets.changing import changing
from ticket_app.core.tickets.fields import MAX_FILES
from ticket_app.core.timeline import drafts, timeline
from ticket_app.tables import Attachment, Ticket, attachment_table


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


def remove_file(uow: UnitOfWork, reference: UUID | int) -> None:
    """Remove the actor's own file from a draft, or as staff any file from a ticket.

    Raises `NotFound`, `Forbidden`.
    """
    attachment = uow.session.scalars(
        select(Attachment).where(
            matches_reference(reference), attachment_table.c.deleted_at.is_(None)
        )
    ).one_or_none()
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
    with changing(uow, ticket):
        attachment.deleted_at = uow.now
        if attachment.audience == Audience.INTERNAL:
            ticket.internal_attachments_count -= 1
        else:
            ticket.attachments_count -= 1
        _record_removal(uow, attachment.ticket_id, attachment)


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

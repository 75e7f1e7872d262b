"""Files on tickets: examined before anybody can fetch them, and only for who may see the ticket."""

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
from ticket_app.core.platform import action_limits, outbox, storage, text
from ticket_app.core.platform.access_policy import audiences, viewer, visible
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Forbidden, NotFound, RuleBroken, Unacceptable
from ticket_app.core.platform.storage import file_store
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import AttachmentType, Audience, EntryKind, ScanStatus
from ticket_app.core.search import search_index
from ticket_app.core.tickets import tickets
from ticket_app.core.tickets.fields import MOST_FILES
from ticket_app.core.timeline import drafts, timeline
from ticket_app.settings import settings
from ticket_app.tables import Attachment, Ticket, attachment_table, person_table, ticket_table

LARGEST_FILE = 10 * 1024 * 1024
"""Bytes (Centcom, "File Upload Limits")."""
SCAN_TOPIC = "attachment.scan"


@lru_cache(maxsize=1)
def scanner() -> Scanner:
    """What judges files: ClamAV where configured, and the built-in scanner always."""
    return scanner_from(settings().clamav_url)


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that has been looked at and stored, and is not attached to anything yet."""

    uuid: UUID
    original_name: str
    stored_name: str
    mime_type: str
    size: int
    sha256: str
    storage_key: str
    scan_status: ScanStatus
    scan_reason: str | None


def examine(actor: Actor, path: Path, name: str, *, now: datetime) -> Examined:
    """Recognise, scan and store an uploaded file; takes time, so no transaction is open
    meanwhile.

    Raises `Unacceptable` for a file that is too large, of a type the
    desk does not take, not what its name says, or infected; nothing of it is kept then. `TooMany`
    after hundreds by a requester within an hour.
    """
    actor.must("upload_files", "upload files")
    if not actor.is_staff:
        action_limits.spend_upload(actor.id)
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise Unacceptable("The file is larger than 10 MB", too_large=True)
    shown = file_types.display_name(name)
    with path.open("rb") as file:
        kind = file_types.recognise(shown, file.read(file_types.HEAD_BYTES), path)
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    verdict = scanner().scan(path, kind)
    if verdict.status == "infected":
        raise Unacceptable(f"{shown} was refused by the security scan: {verdict.reason}")
    file_uuid = uuid4()
    key = storage.key_for(now, file_uuid)
    file_store().put(key, path)
    return Examined(
        uuid=file_uuid,
        original_name=shown,
        stored_name=file_types.stored_name(now, kind.extension),
        mime_type=kind.mime,
        size=size,
        sha256=digest,
        storage_key=key,
        scan_status=ScanStatus.CLEAN if verdict.status == "clean" else ScanStatus.PENDING,
        scan_reason=verdict.reason or None,
    )


def forget(examined: Examined) -> None:
    """Remove a stored file that could not be attached after all."""
    file_store().delete(examined.storage_key)


def attach(
    desk: Desk,
    ticket: Ticket,
    examined: Examined,
    *,
    attachment_type: AttachmentType = AttachmentType.OTHER,
    description: str | None = None,
    is_public: bool = False,
    internal: bool = False,
) -> Attachment:
    """Put an examined file on a ticket the actor holds. Raises `Forbidden`, `RuleBroken`.

    One that was announced with a comment becomes that comment's, for those who may read it.
    """
    assert ticket.id is not None
    if internal:
        desk.actor.must("write_notes", "attach internal files")
    _must_take(desk, ticket, 1)
    due = announced_files.keep_promise(desk, ticket.id, examined.original_name, internal=internal)
    kept = _keep(
        desk,
        examined,
        ticket_id=ticket.id,
        entry_id=due.entry_id if due else None,
        attachment_type=attachment_type,
        description=text.optional_line("description", description, 1000),
        is_public=is_public,
        audience=due.audience if due else Audience.INTERNAL if internal else Audience.PUBLIC,
    )
    _show(desk, ticket, [kept])
    return kept


def _must_take(desk: Desk, ticket: Ticket, files: int) -> None:
    tickets.must_go_on_here(desk, ticket)
    if ticket.attachments_count + ticket.internal_attachments_count + files > MOST_FILES:
        raise RuleBroken(f"A ticket holds at most {MOST_FILES} files")


def attach_to_draft(desk: Desk, place: str, examined: Examined) -> Attachment:
    """Keep an examined file with what the actor is writing at a place. Raises `RuleBroken`."""
    draft = drafts.find(desk, place) or drafts.keep(desk, place, {})
    held = desk.db.execute(_COUNT_OF_DRAFT, {"draft_id": draft.id}).scalar_one()
    if held >= MOST_FILES:
        raise RuleBroken(f"A ticket holds at most {MOST_FILES} files")
    return _keep(
        desk,
        examined,
        draft_id=draft.id,
        attachment_type=_likely_type(examined.mime_type, examined.original_name),
        audience=Audience.PUBLIC,
    )


def _likely_type(mime_type: str, name: str) -> AttachmentType:
    if mime_type.startswith("image/"):
        return AttachmentType.SCREENSHOT
    if mime_type.startswith("video/"):
        return AttachmentType.VIDEO
    if name.lower().endswith((".log", ".txt")):
        return AttachmentType.LOG_FILE
    return AttachmentType.DOCUMENT


def _keep(desk: Desk, examined: Examined, **columns: Any) -> Attachment:
    kept = Attachment(
        uuid=examined.uuid,
        uploader_id=desk.actor.id,
        original_name=examined.original_name,
        stored_name=examined.stored_name,
        mime_type=examined.mime_type,
        size=examined.size,
        sha256=examined.sha256,
        storage_key=examined.storage_key,
        scan_status=examined.scan_status,
        scan_reason=examined.scan_reason,
        uploaded_at=desk.now,
        **columns,
    )
    desk.session.add(kept)
    desk.settle()
    if kept.scan_status == ScanStatus.PENDING:
        outbox.put(desk, SCAN_TOPIC, attachment_id=kept.id)
    return kept


def _show(desk: Desk, ticket: Ticket, files: Sequence[Attachment]) -> None:
    assert ticket.id is not None
    for kept in files:
        timeline.append(
            desk,
            ticket.id,
            EntryKind.FILE,
            audience=Audience(kept.audience),
            new_value=kept.original_name,
            new_id=kept.id,
        )
        if kept.audience == Audience.INTERNAL:
            ticket.internal_attachments_count += 1
        else:
            ticket.attachments_count += 1
    if files:
        tickets.touch(desk, ticket)
        desk.settle()
        search_index.replace_files(desk, ticket.id)


def adopt(
    desk: Desk,
    ticket: Ticket,
    place: str,
    *,
    entry_id: int | None = None,
    internal: bool = False,
) -> int:
    """Put the files of the actor's draft on the ticket (and the comment) it became; how many.

    Raises `RuleBroken` if the ticket would hold more than it may.
    """
    draft = drafts.find(desk, place)
    if draft is None:
        return 0
    files = (
        desk.session.execute(
            select(Attachment)
            .where(attachment_table.c.draft_id == draft.id, attachment_table.c.deleted_at.is_(None))
            .order_by(attachment_table.c.id)
        )
        .scalars()
        .all()
    )
    put_on(desk, ticket, files, entry_id=entry_id, internal=internal)
    return len(files)


def put_on(
    desk: Desk,
    ticket: Ticket,
    files: Sequence[Attachment],
    *,
    entry_id: int | None = None,
    internal: bool = False,
) -> None:
    """Put files that were sent before on a ticket the actor holds, or on a comment on it.

    Raises `RuleBroken` if the ticket would hold more than it may.
    """
    if not files:
        return
    _must_take(desk, ticket, len(files))
    for kept in files:
        kept.ticket_id, kept.draft_id, kept.entry_id = ticket.id, None, entry_id
        kept.audience = Audience.INTERNAL if internal else Audience.PUBLIC
    desk.settle()
    _show(desk, ticket, files)


def transfer(desk: Desk, source: Ticket, target: Ticket, files: Sequence[Attachment]) -> None:
    """Move public files of one ticket the actor holds to another one.

    Raises `RuleBroken` if the other ticket would hold more than it may.
    """
    assert source.id is not None
    if not files:
        return
    _must_take(desk, target, len(files))
    for kept in files:
        kept.ticket_id = target.id
        source.attachments_count -= 1
        timeline.append(
            desk,
            source.id,
            EntryKind.CHANGE,
            audience=Audience(kept.audience),
            field="file",
            old_value=kept.original_name,
            old_id=kept.id,
        )
    tickets.touch(desk, source)
    desk.settle()
    search_index.replace_files(desk, source.id)
    _show(desk, target, files)


_ROWS = (
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
_OF_TICKET = _ROWS.where(
    attachment_table.c.ticket_id == bindparam("ticket_id"),
    attachment_table.c.audience.in_(bindparam("audiences", expanding=True)),
).order_by(attachment_table.c.id)
_OF_DRAFT = _ROWS.where(attachment_table.c.draft_id == bindparam("draft_id")).order_by(
    attachment_table.c.id
)
_COUNT_OF_DRAFT = select(func.count()).where(
    attachment_table.c.draft_id == bindparam("draft_id"), attachment_table.c.deleted_at.is_(None)
)


def of_ticket(desk: Desk, ticket_id: int) -> Sequence[Any]:
    """The files on a ticket the actor holds, as far as they may know of them, oldest first."""
    values = {"ticket_id": ticket_id, "audiences": list(audiences(desk.actor))}
    return desk.db.execute(_OF_TICKET, values).all()


_OF_COMMENTS = (
    select(attachment_table.c.id, attachment_table.c.entry_id)
    .where(
        attachment_table.c.entry_id.in_(bindparam("entries", expanding=True)),
        attachment_table.c.deleted_at.is_(None),
        attachment_table.c.audience.in_(bindparam("audiences", expanding=True)),
    )
    .order_by(attachment_table.c.id)
)


def of_comments(desk: Desk, entry_ids: Sequence[int]) -> dict[int, list[int]]:
    """The ids of the files that belong to comments the actor may read, by the comments' ids."""
    if not entry_ids:
        return {}
    values = {"entries": list(entry_ids), "audiences": list(audiences(desk.actor))}
    found: dict[int, list[int]] = {}
    for row in desk.db.execute(_OF_COMMENTS, values):
        found.setdefault(row.entry_id, []).append(row.id)
    return found


def of_draft(desk: Desk, place: str) -> Sequence[Any]:
    """The files kept with what the actor is writing at a place, oldest first."""
    draft = drafts.find(desk, place)
    return [] if draft is None else desk.db.execute(_OF_DRAFT, {"draft_id": draft.id}).all()


def fetch(desk: Desk, reference: UUID | int | str) -> Any:
    """The row of a file the actor may download now, by its uuid, id or the name it is kept under.

    Raises `NotFound` if it is on no ticket they may see (or in no draft of theirs), `Forbidden`
    while it has not been found clean.
    """
    on_ticket = attachment_table.c.ticket_id.in_(
        select(ticket_table.c.id).where(visible(desk.actor))
    )
    statement = _ROWS.where(
        _named_by(reference),
        or_(
            and_(on_ticket, attachment_table.c.audience.in_(list(audiences(desk.actor)))),
            and_(
                attachment_table.c.ticket_id.is_(None),
                attachment_table.c.uploader_id == desk.actor.id,
            ),
        ),
    )
    row = desk.db.execute(statement, viewer(desk.actor)).first()
    if row is None:
        raise NotFound("File")
    if row.scan_status != ScanStatus.CLEAN:
        raise Forbidden("The file has not passed the security scan")
    return row


def _named_by(reference: UUID | int | str) -> ColumnElement[bool]:
    if isinstance(reference, UUID):
        return attachment_table.c.uuid == reference
    return (
        attachment_table.c.id == reference
        if isinstance(reference, int)
        else attachment_table.c.stored_name == reference
    )


def content(row: Any, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """The bytes of a file that `fetch` gave, as they were sent, in chunks: those from `start` up to
    before `end`. Raises `NotFound` at once if the store does not have it.
    """
    return file_store().open(row.storage_key, start, end)


def remove(desk: Desk, reference: UUID | int) -> None:
    """Take a file away: one's own from a draft, any from a ticket for staff. Raises `NotFound`."""
    kept = desk.session.execute(
        select(Attachment).where(_named_by(reference), attachment_table.c.deleted_at.is_(None))
    ).scalar_one_or_none()
    if kept is None:
        raise NotFound("File")
    if kept.ticket_id is None:
        if kept.uploader_id != desk.actor.id:
            raise NotFound("File")
        desk.actor.must("upload_files", "remove files")
        kept.deleted_at = desk.now
        desk.settle()
        return
    try:
        ticket = tickets.hold(desk, kept.ticket_id)
    except NotFound:
        raise NotFound("File") from None
    if kept.audience not in audiences(desk.actor):
        raise NotFound("File")
    desk.actor.must("work_tickets", "remove files from tickets")
    kept.deleted_at = desk.now
    if kept.audience == Audience.INTERNAL:
        ticket.internal_attachments_count -= 1
    else:
        ticket.attachments_count -= 1
    timeline.append(
        desk,
        kept.ticket_id,
        EntryKind.CHANGE,
        audience=Audience(kept.audience),
        field="file",
        old_value=kept.original_name,
        old_id=kept.id,
    )
    tickets.touch(desk, ticket)
    desk.settle()
    search_index.replace_files(desk, kept.ticket_id)


def scan_stored(row: Any) -> Verdict:
    """What the scanner says of a file that is stored already."""
    kind = file_types.BY_MIME[row.mime_type]
    with tempfile.NamedTemporaryFile() as copy:
        for chunk in content(row):
            copy.write(chunk)
        copy.flush()
        return scanner().scan(Path(copy.name), kind)


def judge_again(desk: Desk, attachment_id: int, verdict: Verdict) -> None:
    """Write down what the scanner said of a file that had to wait for it."""
    status = ScanStatus(verdict.status)
    desk.db.execute(
        update(attachment_table)
        .where(attachment_table.c.id == attachment_id)
        .values(scan_status=status, scan_reason=verdict.reason or None)
    )


def waiting(desk: Desk, attachment_id: int) -> Any:
    """The row of a file that waits for the scanner, or None."""
    statement = select(attachment_table).where(
        attachment_table.c.id == attachment_id, attachment_table.c.scan_status == ScanStatus.PENDING
    )
    return desk.db.execute(statement).first()

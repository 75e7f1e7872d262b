"""Drafts and comments of a ticket's composer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ticket_app.core.attachments import attachments, stored_files
from ticket_app.core.conversation import commenting
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.tickets import locking, status_changes, undo
from ticket_app.core.tickets.undo import UndoStep
from ticket_app.core.timeline import drafts
from ticket_app.ui.file_rows import file_row
from ticket_app.ui.rows import FileRow, iso_time

AUDIENCES: Final = ("reply", "note")


def _draft_place(ticket_id: int, audience: str) -> str:
    return drafts.note_place(ticket_id) if audience == "note" else drafts.reply_place(ticket_id)


def save_draft(
    uow: UnitOfWork, ticket_id: int, audience: str, text: str, clears_other: bool
) -> str:
    draft = drafts.save_draft(uow, _draft_place(ticket_id, audience), {"body": text})
    if clears_other:
        other = "reply" if audience == "note" else "note"
        drafts.save_draft(uow, _draft_place(ticket_id, other), {"body": ""})
    return iso_time(draft.updated_at)


def send_comment(
    uow: UnitOfWork, ticket_id: int, text: str, internal: bool, new_status: str
) -> tuple[str, int, UndoStep | None]:
    """Add a comment and then change the status.

    Returns the number of a follow-up ticket if the comment opened one, the version of the ticket it
    was added to, and the undo step of the status.
    """
    ticket = locking.lock_ticket(uow, ticket_id)
    posted = commenting.post_comment(uow, ticket, text, internal=internal)
    for audience in AUDIENCES:
        place = _draft_place(ticket_id, audience)
        attachments.attach_draft_files(
            uow, posted.ticket, place, entry_id=posted.entry_id, internal=internal
        )
        drafts.discard_draft(uow, place)
    step = None
    if new_status:
        uow.flush()
        before = undo.take_snapshot(uow, posted.ticket)
        status_changes.change_status(uow, posted.ticket, Status(new_status))
        uow.flush()
        step = undo.build_step(posted.ticket, before)
    follow_up_number = ticket_numbers.format_key(posted.ticket) if posted.is_follow_up else ""
    return follow_up_number, posted.ticket.version, step


@dataclass(frozen=True)
class ComposerDraft:
    """The text that the agent has not sent yet."""

    audience: str
    text: str
    saved_at: str
    files: list[FileRow]


def load_composer_draft(uow: UnitOfWork, ticket_id: int) -> ComposerDraft:
    """Return the newer of the actor's two drafts on a ticket, and the files of both."""
    places = {"reply": drafts.reply_place(ticket_id), "note": drafts.note_place(ticket_id)}
    saved = {name: drafts.find_draft(uow, place) for name, place in places.items()}
    written = {name: draft for name, draft in saved.items() if draft and draft.content.get("body")}
    files = [
        file_row(row)
        for name, place in places.items()
        if saved[name]
        for row in stored_files.list_draft_files(uow, place)
    ]
    if not written:
        return ComposerDraft("reply", "", "", files)
    name = max(written, key=lambda name: written[name].updated_at)
    body = str(written[name].content["body"])
    return ComposerDraft(name, body, iso_time(written[name].updated_at), files)

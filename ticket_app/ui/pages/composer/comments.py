"""What a composer does: load, save and send the draft of a comment with its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from ticket_app.core.attachments import attachments, stored_files
from ticket_app.core.automation import variables
from ticket_app.core.conversation import commenting, held_replies
from ticket_app.core.conversation.newer_messages import SeenMessages
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.tickets import locking, status_changes, ticket_lookup, undo
from ticket_app.core.tickets.undo import UndoStep
from ticket_app.core.timeline import drafts
from ticket_app.core.timeline.drafts import SavedDraft
from ticket_app.ui.file_rows import file_row
from ticket_app.ui.rows import FileRow, iso_time

REPLY: Final = "reply"
NOTE: Final = "note"
AUDIENCES: Final = (REPLY, NOTE)
PLACES: Final = {REPLY: drafts.reply_place, NOTE: drafts.note_place}
"""Where the draft of each audience is stored, by the id of its ticket."""


@dataclass(frozen=True)
class ComposerDraft:
    """A text that was not sent yet, and its files."""

    ticket_id: int
    audience: str
    text: str
    saved_at: str
    files: list[FileRow]


def find_draft_text(uow: UnitOfWork, ticket_id: int, audience: str) -> str:
    """Return the actor's unsent text on a ticket, or an empty one."""
    draft = drafts.find_draft(uow, PLACES[audience](ticket_id))
    return _draft_text(draft) if draft else ""


def _draft_text(draft: SavedDraft) -> str:
    # Replies of the portal were stored as `text` before version 0.2.
    return str(draft.content.get("body") or draft.content.get("text") or "")


def load_draft(
    uow: UnitOfWork, reference: str | int, audiences: Sequence[str] = AUDIENCES
) -> ComposerDraft:
    """Return the newest of the actor's drafts on a ticket, and the files of all of them."""
    ticket_id = ticket_lookup.read_ticket(uow, reference, "summary").id
    saved = {
        audience: draft
        for audience in audiences
        if (draft := drafts.find_draft(uow, PLACES[audience](ticket_id)))
    }
    files = [
        file_row(row)
        for audience in saved
        for row in stored_files.list_draft_files(uow, PLACES[audience](ticket_id))
    ]
    written = [audience for audience, draft in saved.items() if _draft_text(draft)]
    if not written:
        return ComposerDraft(ticket_id, REPLY, "", "", files)
    newest = max(written, key=lambda audience: saved[audience].updated_at)
    draft = saved[newest]
    return ComposerDraft(ticket_id, newest, _draft_text(draft), iso_time(draft.updated_at), files)


def save_draft(uow: UnitOfWork, ticket_id: int, audience: str, text: str) -> str:
    """Save a draft and return the time (ISO); an empty one without files is discarded."""
    ticket_lookup.read_ticket(uow, ticket_id, "summary")
    place = PLACES[audience](ticket_id)
    if not text.strip() and not stored_files.list_draft_files(uow, place):
        drafts.discard_draft(uow, place)
        return ""
    return iso_time(drafts.save_draft(uow, place, {"body": text}).updated_at)


def move_draft(uow: UnitOfWork, ticket_id: int, audience: str, text: str) -> str:
    """Save the text as a draft of this audience only; files stay where they are."""
    for other in AUDIENCES:
        if other != audience:
            save_draft(uow, ticket_id, other, "")
    return save_draft(uow, ticket_id, audience, text)


@dataclass(frozen=True)
class SentComment:
    """The result of sending a comment.

    The number of the follow-up ticket that the comment opened, if any; the version of the ticket
    that it was added to; and how to undo the change of the status. If it is held, its id, and for
    how many seconds it can be taken back.
    """

    follow_up_number: str
    version: int
    undo_step: UndoStep | None = None
    held_id: str = ""
    undo_seconds: int = 0


@dataclass(frozen=True)
class ChosenTime:
    """When a reply is sent, and whether a message of the requester cancels it."""

    send_at: datetime
    is_cancelled_by_reply: bool


def send_comment(
    uow: UnitOfWork,
    ticket_id: int,
    text: str,
    *,
    internal: bool = False,
    new_status: str = "",
    audiences: Sequence[str] = AUDIENCES,
    seen: SeenMessages | None = None,
) -> SentComment:
    """Add a comment with the files of the drafts, discard these, then change the status.

    `seen` is what the writer of a reply has seen of the conversation.
    """
    text = variables.fill_in_to_send(uow, ticket_id, text)
    posted = commenting.post_comment(
        uow, locking.lock_ticket(uow, ticket_id), text, internal=internal, seen=seen
    )
    for audience in audiences:
        place = PLACES[audience](ticket_id)
        attachments.attach_draft_files(
            uow, posted.ticket, place, entry_id=posted.entry_id, internal=internal
        )
        drafts.discard_draft(uow, place)
    step = _change_status(uow, posted.ticket, new_status) if new_status else None
    number = ticket_numbers.format_key(posted.ticket) if posted.is_follow_up else ""
    return SentComment(number, posted.ticket.version, step)


def hold_or_send_reply(
    uow: UnitOfWork,
    ticket_id: int,
    text: str,
    *,
    new_status: str,
    chosen: ChosenTime | None,
    seen: SeenMessages | None = None,
) -> SentComment:
    """Hold a reply of staff for the seconds in which they can take it back, or until a time.

    It is sent at once if the actor has turned undo off.
    """
    undo_seconds = held_replies.get_own_undo_seconds(uow)
    if chosen is None and not undo_seconds:
        return send_comment(uow, ticket_id, text, new_status=new_status, seen=seen)
    text = variables.fill_in_to_send(uow, ticket_id, text)
    ticket = locking.lock_ticket(uow, ticket_id)
    held = held_replies.hold(
        uow,
        ticket,
        text,
        send_at=chosen.send_at if chosen else uow.now + timedelta(seconds=undo_seconds),
        is_scheduled=chosen is not None,
        is_cancelled_by_reply=chosen is not None and chosen.is_cancelled_by_reply,
        new_status=Status(new_status) if new_status else None,
        draft_places=[PLACES[audience](ticket_id) for audience in AUDIENCES],
        seen=seen,
    )
    seconds = 0 if chosen else undo_seconds
    return SentComment("", ticket.version, held_id=str(held.uuid), undo_seconds=seconds)


def _change_status(uow: UnitOfWork, ticket: Any, new_status: str) -> UndoStep | None:
    uow.flush()
    before = undo.take_snapshot(uow, ticket)
    status_changes.change_status(uow, ticket, Status(new_status))
    uow.flush()
    return undo.build_step(uow, ticket, before)

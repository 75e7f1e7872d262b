"""A ticket's page as staff works it: what it shows, and each thing that can be done to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import unquote
from uuid import UUID

import reflex as rx

from ticket_app.core import (
    attachments,
    conversation,
    drafts,
    numbering,
    queue,
    text_formats,
    tickets,
)
from ticket_app.core.desk import Desk
from ticket_app.core.errors import Invalid, NotFound, Stale
from ticket_app.core.text import split_tags
from ticket_app.core.words import Status, TextFormat
from ticket_app.ui import bridge, live, routes, tail
from ticket_app.ui import widgets as w
from ticket_app.ui.double_click import Sent
from ticket_app.ui.pages.desk import ticket_rows, work
from ticket_app.ui.pages.desk.queue_state import Queue, neighbours
from ticket_app.ui.pages.desk.ticket_rows import Item, Opened, Side, TicketRow, Writing
from ticket_app.ui.pages.desk.views import FIRST
from ticket_app.ui.rows import FileRow, moment

COMPOSER: Final = "composer-text"
NOTHING: Final = Side([], "0", [], [], [], [], "")
EDITED: Final = {
    "title": "Title",
    "section": "Section",
    "tags": "Tags",
    "due_at": "Due",
    "admin_feedback": "Feedback",
    "internal_notes": "Working notes",
    "duplicate": "Duplicate of",
}
"""What is edited in a dialog, and the dialog's title."""
NOTHING_NOW: Final = "nothing"
SAID: Final = ("reply", "note")
DUE: Final = {"4h": 4, "1d": 24, "2d": 48, "1w": 168}


def _open(desk: Desk, reference: str | int, show: str) -> Opened:
    return ticket_rows.opened(desk, reference, show)


def _open_to_write(desk: Desk, reference: str | int, show: str) -> tuple[Opened, Writing]:
    found = ticket_rows.opened(desk, reference, show)
    return found, ticket_rows.writing(desk, found.ticket.id)


def _place(ticket_id: int, audience: str) -> str:
    return drafts.note_on(ticket_id) if audience == "note" else drafts.reply_to(ticket_id)


def _keep(desk: Desk, ticket_id: int, audience: str, text: str, other_too: bool) -> str:
    kept = drafts.keep(desk, _place(ticket_id, audience), {"body": text})
    if other_too:
        other = "reply" if audience == "note" else "note"
        drafts.keep(desk, _place(ticket_id, other), {"body": ""})
    return moment(kept.updated_at)


def _send(desk: Desk, ticket_id: int, text: str, internal: bool, then: str) -> str:
    ticket = tickets.hold(desk, ticket_id)
    posted = conversation.post(desk, ticket, text, internal=internal)
    for audience in SAID:
        place = _place(ticket_id, audience)
        attachments.adopt(desk, posted.ticket, place, entry_id=posted.entry_id, internal=internal)
        drafts.discard(desk, place)
    if then:
        tickets.change_status(desk, posted.ticket, Status(then))
    return numbering.key(posted.ticket) if posted.is_follow_up else ""


def _change(desk: Desk, ticket_id: int, act: Callable[[Desk, Any], Any]) -> None:
    act(desk, tickets.hold(desk, ticket_id))


def _value_now(desk: Desk, ticket_id: int, name: str) -> tuple[Any, bool]:
    """The value of a field, and whether it is a plain text."""
    row = queue.read(desk, ticket_id)
    value = getattr(row, name)
    is_plain = bool(value) and text_formats.format_of(row, name) is TextFormat.PLAIN
    return value, is_plain


def _typed(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(value)
    if isinstance(value, datetime):
        return moment(value)
    return value or ""


def _moment_of(text: str) -> datetime:
    """What the page sends: the browser knows its zone, and says the time in UTC."""
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Invalid("due_at", "is not a day and a time")


def _meant(name: str, text: str, tags: Sequence[str] = ()) -> Any:
    if name == "tags":
        return split_tags(text, tags)
    if name == "due_at":
        return _moment_of(text) if text else None
    return text if text.strip() else None


def _save(desk: Desk, ticket_id: int, name: str, text: str, seen: Any) -> None:
    ticket = tickets.hold(desk, ticket_id)
    if name == "duplicate":
        tickets.mark_duplicate(desk, ticket, text.strip())
        return
    tickets.expect_unchanged(ticket, {name: seen})
    tickets.edit(desk, ticket, {name: _meant(name, text, ticket.tags)})


class TicketPage(rx.State):
    """One ticket, opened by somebody who works tickets."""

    ticket: TicketRow = TicketRow()
    items: list[Item] = []
    files: list[FileRow] = []
    side: Side = NOTHING
    ready: bool = False
    missing: bool = False
    gone: bool = False
    show: str = "all"
    now: str = ""
    before: str = ""
    after: str = ""
    back: str = routes.DESK
    changed_by: str = ""

    audience: str = "reply"
    draft_text: str = ""
    draft_files: list[FileRow] = []
    saved_at: str = ""
    saved_length: int = 0
    busy: bool = False

    editing: str = ""
    editing_title: str = ""
    edit_value: str = ""
    edit_error: str = ""
    edit_now: str = ""
    edit_plain: bool = False

    _ref: str = ""
    _seen_line: int = 0
    _text: str = ""
    _sent: Sent = Sent()
    _edit_seen: Any = None
    _undo: list[work.Before] = []

    @bridge.event
    async def load(self) -> AsyncIterator[None]:
        """Open the ticket the address names, with what was begun to be written on it."""
        ref = unquote(self.router.url.path.rstrip("/").rpartition("/tickets/")[2])
        if ref != self._ref:
            self.ready = False
            yield
        self.show, self.gone = "all", False
        self._ref, self.editing, self.changed_by, self.missing = ref, "", "", False
        try:
            found, written = await bridge.read(self, _open_to_write, ref, self.show)
        except NotFound:
            self.missing, self.ready = True, True
            self.ticket, self.items, self.files = TicketRow(), [], []
            return
        self._put(found)
        self._seen_line = max((line for line, _ in found.by_others), default=0)
        self.audience, self._text = written.audience, written.text
        self.draft_text, self.draft_files = written.text, written.files
        self.saved_at, self.busy = written.saved_at, False
        listed = await self.get_state(Queue)
        self.before, self.after = neighbours(listed, found.ticket.id)
        self.back = listed.here or routes.desk_view(FIRST)
        self.ready = True
        live.watch(self, TicketPage.refresh, {tail.staff_topic(found.ticket.id)})

    def _put(self, found: Opened) -> None:
        self.ticket, self.items, self.files = found.ticket, found.items, found.files
        self.side, self.now = found.side, found.now

    @bridge.event
    async def refresh(self) -> None:
        """Show what has changed; what is being written is not touched."""
        await self._look_again()

    async def _look_again(self) -> None:
        try:
            found = await bridge.read(self, _open, self.ticket.id, self.show)
        except NotFound:
            self.gone = True
            return
        self._put(found)
        self.gone = False
        news = [name for line, name in found.by_others if line > self._seen_line]
        if news:
            self.changed_by = news[-1]
        if self.editing and self.editing in EDITED and self.editing != "duplicate":
            value, _ = await bridge.read(self, _value_now, self.ticket.id, self.editing)
            self.edit_now = _typed(value) or NOTHING_NOW if value != self._edit_seen else ""

    @bridge.event
    async def show_only(self, show: str) -> None:
        """Show all of the conversation, or one sort of line."""
        self.show = show if show in ("all", "talk", "notes", "history") else "all"
        await self._look_again()
        self._seen()

    def _seen(self) -> None:
        self.changed_by = ""
        self._seen_line = max((event.id for item in self.items for event in item.events), default=0)

    @bridge.event
    async def show_changes(self) -> None:
        """Show what others changed meanwhile."""
        self.show = "history"
        await self._look_again()
        self._seen()

    @bridge.event
    def close_changes(self) -> None:
        """The note about somebody's changes was read."""
        self._seen()

    # --- writing ---

    @bridge.event
    async def keep(self, text: str) -> None:
        """Keep what is being written."""
        if not self.ticket.id or (text and self._is_sent(text.strip(), self.audience)):
            return
        self._text, self.saved_length = text, len(text)
        self.saved_at = await bridge.write(
            self, _keep, self.ticket.id, self.audience, text[:50_000], False
        )

    def _is_sent(self, text: str, audience: str) -> bool:
        """Whether this was sent a moment ago: the second click of a double click."""
        return self._sent.is_repeated_by(str(self.ticket.id), audience, text)

    @bridge.event
    async def write_as(self, audience: str) -> None:
        """Write a reply or a note; the words stay."""
        self.audience = audience if audience in SAID else "reply"
        if self._text:
            self.saved_at = await bridge.write(
                self, _keep, self.ticket.id, self.audience, self._text, True
            )

    @bridge.event
    async def uploaded(self) -> None:
        """A file has arrived for what is being written."""
        written = await bridge.read(self, ticket_rows.writing, self.ticket.id)
        self.draft_files = written.files

    @bridge.event
    async def remove_file(self, file_id: str) -> None:
        """Take a file away from what is being written."""
        await bridge.write(self, attachments.remove, UUID(file_id))
        self.draft_files = [file for file in self.draft_files if file.id != file_id]

    @bridge.submission
    async def send(self, form: dict[str, Any]) -> AsyncIterator[Any]:
        """Say it on the ticket, and change its status with it if that was asked for."""
        text = str(form.get("body", "")).strip()
        internal = form.get("audience") == "note"
        then = str(form.get("then") or "")
        if not text:
            yield w.toast("Write a note first" if internal else "Write a reply first", tone="amber")
            return
        audience = "note" if internal else "reply"
        if self._is_sent(text, audience):
            return
        if self.draft_files and any(file.state == "failed" for file in self.draft_files):
            yield w.toast("A file could not be taken; remove it first", tone="red")
            return
        self.busy = True
        yield
        try:
            opened = await bridge.write(
                self, _send, self.ticket.id, text, internal, "" if internal else then
            )
        finally:
            self.busy = False
        self._sent = Sent.now(str(self.ticket.id), audience, text)
        self._text = self.draft_text = ""
        self.draft_files, self.saved_at = [], ""
        await self._look_again()
        yield w.clear_text(COMPOSER)
        if opened:
            yield rx.redirect(routes.desk_ticket(opened))
            return
        if then and not internal:
            yield w.toast(work.told("status", then, [self.ticket.number]), tone="green")

    # --- properties ---

    @bridge.event
    async def give(self, what: str, value: str) -> AsyncIterator[Any]:
        """Give the ticket a status, a priority or an assignee."""
        if what not in work.CHANGES:
            return
        seen: dict[int, int | None] = {self.ticket.id: self.ticket.assignee_id or None}
        done = await bridge.write(self, work.change, what, value, seen)
        await self._look_again()
        if done.refused:
            yield w.toast(done.refused[0], tone="red")
            return
        self._undo = done.before
        words = work.told(what, value, done.numbers, self.ticket.assignee)
        yield w.toast(words, tone="green", undo="undo-last")

    @bridge.event
    async def undo(self) -> Any:
        """Take back the last change of status, priority or assignee."""
        before, self._undo = self._undo, []
        if not before:
            return None
        done = await bridge.write(self, work.put_back, before)
        await self._look_again()
        return w.toast(done.refused[0], tone="red") if done.refused else None

    @bridge.event
    async def resolve_and_next(self) -> Any:
        """Resolve the ticket and open the next one of the view."""
        seen: dict[int, int | None] = {self.ticket.id: self.ticket.assignee_id or None}
        done = await bridge.write(self, work.change, "status", "resolved", seen)
        if done.refused:
            return w.toast(done.refused[0], tone="red")
        return rx.redirect(self.after or self.back)

    @bridge.event
    async def set_word(self, name: str, value: str) -> None:
        """Set the kind or the severity."""
        if name in ("kind", "severity"):
            await self._do(lambda desk, ticket: tickets.edit(desk, ticket, {name: value}))

    @bridge.event
    async def belong(self, what: str, row_id: str) -> None:
        """Give the ticket to a company, a department or a team; an empty id to none."""
        chosen = int(row_id) if row_id.isdigit() else None
        acts = {
            "company": tickets.set_company,
            "department": tickets.set_department,
            "team": tickets.set_team,
        }
        if what in acts:
            await self._do(lambda desk, ticket: acts[what](desk, ticket, chosen))

    @bridge.event
    async def due_in(self, span: str) -> None:
        """Set when it is due, counted from now; an empty span for no time at all."""
        hours = DUE.get(span)
        at = datetime.now(UTC).replace(second=0, microsecond=0)
        due = at + timedelta(hours=hours) if hours else None
        await self._do(lambda desk, ticket: tickets.edit(desk, ticket, {"due_at": due}))

    async def _do(self, act: Callable[[Desk, Any], Any]) -> None:
        await bridge.write(self, _change, self.ticket.id, act)
        await self._look_again()

    @bridge.event
    async def edit(self, name: str) -> None:
        """Open the dialog of a field."""
        if name not in EDITED:
            return
        self._edit_seen, self.edit_plain = (
            ("", False)
            if name == "duplicate"
            else await bridge.read(self, _value_now, self.ticket.id, name)
        )
        self.edit_value = _typed(self._edit_seen)
        self.edit_error = self.edit_now = ""
        self.editing, self.editing_title = name, EDITED[name]

    @bridge.event
    def stop_editing(self, is_open: bool) -> None:
        """Close the dialog."""
        if not is_open:
            self.editing = ""

    @bridge.submission
    async def save(self, form: dict[str, Any]) -> None:
        """Save the dialog's field, unless somebody else changed it since."""
        text = str(form.get("value", ""))
        try:
            await bridge.write(self, _save, self.ticket.id, self.editing, text, self._edit_seen)
        except Invalid as wrong:
            self.edit_error = wrong.reason
            return
        except Stale:
            value, self.edit_plain = await bridge.read(
                self, _value_now, self.ticket.id, self.editing
            )
            self.edit_now = _typed(value) or NOTHING_NOW
            self._edit_seen = value
            self.edit_error = "Somebody has changed this since you began. Save again to replace it."
            return
        self.editing = ""
        await self._look_again()

    @bridge.event
    async def delete(self) -> Any:
        """Put the ticket into the trash."""
        await bridge.write(self, work.delete, [self.ticket.id])
        self.gone = True

    @bridge.event
    async def take_out(self) -> None:
        """Take one's own deletion back."""
        await bridge.write(self, work.take_out, [self.ticket.id])
        await self._look_again()

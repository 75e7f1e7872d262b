"""A ticket's page as staff works it: what it shows, and each thing that can be done to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import unquote
from uuid import UUID

import reflex as rx

from ticket_app.core.attachments import attachments
from ticket_app.core.conversation import commenting
from ticket_app.core.platform import text_formats, ticket_numbers
from ticket_app.core.platform.errors import Invalid, NotFound, Stale
from ticket_app.core.platform.text import split_tags
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Status, TextFormat
from ticket_app.core.tickets import ticket_list, tickets, undo
from ticket_app.core.tickets.bulk import Seen
from ticket_app.core.tickets.undo import Step
from ticket_app.core.timeline import drafts
from ticket_app.ui import bridge, live, routes, tail, theme
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import close_dialog, confirm, is_open, open_dialog
from ticket_app.ui.double_click import Sent
from ticket_app.ui.pages.desk import ticket_rows, work
from ticket_app.ui.pages.desk.queue_state import Queue, neighbours
from ticket_app.ui.pages.desk.ticket_rows import Item, Opened, Side, TicketRow, Writing
from ticket_app.ui.pages.desk.undoing import undoable
from ticket_app.ui.pages.desk.views import FIRST
from ticket_app.ui.rows import FileRow, moment

COMPOSER: Final = "composer-text"
NOTHING: Final = Side([], "0", [], [], [], [], "")
EDITED: Final = {
    "title": "Title",
    "section": "Section",
    "tags": "Tags",
    "due_at": "Due date",
    "admin_feedback": "Feedback",
    "internal_notes": "Working notes",
    "duplicate": "Duplicate of",
}
"""What is edited in a dialog, and how it is called in the dialog's title."""
NOTHING_NOW: Final = "nothing"
EDIT: Final = "edit-ticket"
FIRST_NEW: Final = "first-change"
SAID: Final = ("reply", "note")
DUE: Final = {"4h": 4, "1d": 24, "2d": 48, "1w": 168}
DUE_WORDS: Final = {"4h": "in 4 hours", "1d": "in a day", "2d": "in two days", "1w": "in a week"}


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


def _send(
    desk: Desk, ticket_id: int, text: str, internal: bool, then: str
) -> tuple[str, int, Step | None]:
    """Say something, then change the status.

    Returns the number of a follow-up ticket if the text opened one, the version of the ticket it
    is on, and the step of the status.
    """
    ticket = tickets.hold(desk, ticket_id)
    posted = commenting.post(desk, ticket, text, internal=internal)
    for audience in SAID:
        place = _place(ticket_id, audience)
        attachments.adopt(desk, posted.ticket, place, entry_id=posted.entry_id, internal=internal)
        drafts.discard(desk, place)
    step = None
    if then:
        desk.settle()
        before = undo.snapshot(desk, posted.ticket)
        tickets.change_status(desk, posted.ticket, Status(then))
        desk.settle()
        step = undo.step(posted.ticket, before)
    opened = ticket_numbers.key(posted.ticket) if posted.is_follow_up else ""
    return opened, posted.ticket.version, step


def _value_now(desk: Desk, ticket_id: int, name: str) -> tuple[Any, bool]:
    """The value of a field, and whether it is a plain text."""
    row = ticket_list.read(desk, ticket_id)
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


def _dialog_title(name: str, number: str) -> str:
    """What the dialog does to which ticket."""
    if name == "duplicate":
        return f"Mark {number} as a duplicate"
    return f"{EDITED[name]} of {number}"


def _save(name: str, text: str, seen: Any) -> Callable[[Desk, Any], None]:
    """How the dialog of a field is saved; another field may have changed since it opened."""

    def act(desk: Desk, ticket: Any) -> None:
        if name == "duplicate":
            tickets.mark_duplicate(desk, ticket, text.strip())
            return
        tickets.expect_unchanged(ticket, {name: seen})
        tickets.edit(desk, ticket, {name: _meant(name, text, ticket.tags)})

    return act


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
    _versions: list[int] = []
    """The version shown, and earlier ones from which only this tab's own changes led to it."""
    _others: list[int] = []
    """The events of other people that "Show changes" has marked."""

    @bridge.event
    async def load(self) -> AsyncIterator[None]:
        """Open the ticket the address names, with what was begun to be written on it."""
        ref = unquote(self.router.url.path.rstrip("/").rpartition("/tickets/")[2])
        if ref != self._ref:
            self.ready = False
            yield
        self.show, self.gone = "all", False
        self._ref, self.editing, self.changed_by, self.missing = ref, "", "", False
        self._others = []
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
        if found.ticket.id != self.ticket.id or found.ticket.version not in self._versions:
            self._versions = [found.ticket.version]
        items = ticket_rows.mark_new(found.items, self._others)
        self.ticket, self.items, self.files = found.ticket, items, found.files
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
        is_editing = self.editing in EDITED and await is_open(self, EDIT)
        if is_editing and self.editing != "duplicate":
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
    async def show_changes(self) -> Any:
        """Mark what others changed meanwhile, in the conversation with everything else."""
        self.show = "all"
        found = await bridge.read(self, _open, self.ticket.id, self.show)
        self._others = [line for line, _ in found.by_others if line > self._seen_line]
        self._put(found)
        self._seen()
        return w.focus_on(FIRST_NEW)

    @bridge.event
    def close_changes(self) -> None:
        """The note about somebody's changes was read."""
        self._seen()

    # --- writing ---

    @bridge.event
    async def keep(self, ticket_id: int, text: str) -> None:
        """Keep what is being written on a ticket; it may have been left since the last key."""
        if not ticket_id:
            return
        if ticket_id != self.ticket.id:
            await bridge.write(self, _keep, ticket_id, self.audience, text[:50_000], False)
            return
        if text and self._is_sent(text.strip(), self.audience):
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
    async def send(self, ticket_id: int, form: dict[str, Any]) -> AsyncIterator[Any]:
        """Say it on the ticket, and change its status with it if that was asked for."""
        self._ensure_shown(ticket_id)
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
            opened, version, step = await bridge.write(
                self, _send, self.ticket.id, text, internal, "" if internal else then
            )
            self._versions = [*self._versions, version]
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
            words = work.told("status", then, [self.ticket.number])
            undo_id = await undoable(self, [step] if step else [])
            yield w.toast(words, tone="green", undo=undo_id)

    # --- properties ---

    def _ensure_shown(self, ticket_id: int) -> None:
        if not ticket_id or ticket_id != self.ticket.id:
            raise Stale("Another ticket is open here now. Nothing was changed.")

    def _expected(self, seen: str) -> Seen:
        """What the ticket must be like for a change that the page sent as `seen`.

        Raises `Stale` if the page showed another ticket, or this one before someone changed it.
        """
        ticket_id, _, version = seen.partition(":")
        self._ensure_shown(int(ticket_id) if ticket_id.isdecimal() else 0)
        if not version.isdecimal() or int(version) not in self._versions:
            raise Stale(
                f"{self.ticket.number} has changed since you last saw it. Nothing was changed."
            )
        return Seen(self.ticket.version, self.ticket.assignee_id or None)

    async def _do(
        self, seen: str, act: Callable[[Desk, Any], Any], words: str | Callable[[str], str]
    ) -> Any:
        """Change the ticket; the toast says so and undoes it. `words` may name the assignee."""
        expected = self._expected(seen)
        number = self.ticket.number
        done = await bridge.write(self, work.change_one, self.ticket.id, expected, act)
        self._versions = [*self._versions, done.version]
        await self._look_again()
        if done.version == expected.version:
            return None
        said = words if isinstance(words, str) else words(done.assignee)
        undo_id = await undoable(self, [done.step] if done.step else [])
        return w.toast(f"{number} {said}", tone="green", undo=undo_id)

    @bridge.event
    async def give(self, seen: str, what: str, value: str) -> Any:
        """Give the ticket a status, a priority or an assignee."""
        if what not in work.CHANGES:
            return None

        def act(desk: Desk, ticket: Any) -> None:
            work.CHANGES[what](desk, ticket, value)

        return await self._do(seen, act, lambda name: work.did(what, value, name))

    @bridge.event
    async def resolve_and_next(self, seen: str) -> Any:
        """Resolve the ticket and open the next one of the view."""
        answered, onward = self.ticket.answered, self.after or self.back
        number, expected = self.ticket.number, self._expected(seen)

        def act(desk: Desk, ticket: Any) -> None:
            tickets.change_status(desk, ticket, Status.RESOLVED)

        done = await bridge.write(self, work.change_one, self.ticket.id, expected, act)
        undo_id = await undoable(self, [done.step] if done.step else [])
        detail = "" if answered else "No one has replied to the requester."
        words = f"{number} {work.did('status', Status.RESOLVED)}"
        return [w.toast(words, tone="green", detail=detail, undo=undo_id), rx.redirect(onward)]

    @bridge.event
    async def set_word(self, seen: str, name: str, value: str) -> Any:
        """Set the kind or the severity."""
        if name not in ("kind", "severity"):
            return None
        looks = {word: look.word for word, look in theme.KIND.items()}
        word = (looks if name == "kind" else ticket_rows.SEVERITIES).get(value, value)
        return await self._do(
            seen,
            lambda desk, ticket: tickets.edit(desk, ticket, {name: value}),
            f"set to {name} {word}",
        )

    @bridge.event
    async def belong(self, seen: str, what: str, row_id: str, label: str) -> Any:
        """Give the ticket to a company, a department or a team; an empty id to none."""
        chosen = int(row_id) if row_id.isdecimal() else None
        acts = {
            "company": tickets.set_company,
            "department": tickets.set_department,
            "team": tickets.set_team,
        }
        if what not in acts:
            return None
        words = f"moved to {what} {label[:200]}" if chosen else f"removed from its {what}"
        return await self._do(seen, lambda desk, ticket: acts[what](desk, ticket, chosen), words)

    @bridge.event
    async def due_in(self, seen: str, span: str) -> Any:
        """Set when it is due, counted from now; an empty span for no time at all."""
        hours = DUE.get(span)
        at = datetime.now(UTC).replace(second=0, microsecond=0)
        due = at + timedelta(hours=hours) if hours else None
        return await self._do(
            seen,
            lambda desk, ticket: tickets.edit(desk, ticket, {"due_at": due}),
            f"is due {DUE_WORDS[span]}" if hours else "has no due date",
        )

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
        self.editing, self.editing_title = name, _dialog_title(name, self.ticket.number)
        await open_dialog(self, EDIT, self.ticket.seen, name)

    @bridge.submission
    async def save(self, seen: str, form: dict[str, Any]) -> Any:
        """Save the dialog's field, unless somebody else changed it since."""
        await confirm(self, EDIT, seen)
        text, name = str(form.get("value", "")), self.editing
        try:
            act = _save(name, text, self._edit_seen)
            if name == "duplicate":
                done = await bridge.write(
                    self, work.change_one, self.ticket.id, self._expected(self.ticket.seen), act
                )
            else:
                done = await bridge.write(self, work.edit_one, self.ticket.id, act)
        except Invalid as wrong:
            self.edit_error = f"This {wrong.reason.removesuffix('.')}."
            return None
        except Stale as stale:
            if name == "duplicate":
                self.edit_error = stale.message
                await self._look_again()
                return None
            value, self.edit_plain = await bridge.read(
                self, _value_now, self.ticket.id, self.editing
            )
            self.edit_now = _typed(value) or NOTHING_NOW
            self._edit_seen = value
            self.edit_error = "Someone has changed this since you began. Save again to replace it."
            return None
        await close_dialog(self)
        number = self.ticket.number
        self._versions = [*self._versions, done.version]
        await self._look_again()
        if done.step is None:
            return None
        undo_id = await undoable(self, [done.step])
        words = (
            "marked as a duplicate" if name == "duplicate" else f"{EDITED[name].lower()} changed"
        )
        return w.toast(f"{number}: {words}", tone="green", undo=undo_id)

    @bridge.event
    async def delete(self, seen: str) -> Any:
        """Move the ticket to the trash."""
        toast = await self._do(seen, tickets.delete_ticket, "deleted")
        self.gone = True
        return toast

    @bridge.event
    async def take_out(self, ticket_id: int) -> None:
        """Take one's own deletion back."""
        self._ensure_shown(ticket_id)
        await bridge.write(self, work.take_out, ticket_id)
        await self._look_again()

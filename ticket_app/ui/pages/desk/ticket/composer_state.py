"""The state of the composer for staff: replies, internal notes and a change of the status."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import ClassVar, Final

import reflex as rx
from reflex.event import EventSpec

from ticket_app.core.automation import saved_replies
from ticket_app.core.conversation import held_replies
from ticket_app.core.conversation.newer_messages import NewerMessages
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.vocabulary import Status
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import close_dialog, ensure_dialog_is_current
from ticket_app.ui.pages.composer import comments
from ticket_app.ui.pages.composer.comments import (
    AUDIENCES,
    NOTE,
    REPLY,
    ChosenTime,
    ComposerDraft,
    SentComment,
)
from ticket_app.ui.pages.composer.state import CommentComposer
from ticket_app.ui.pages.desk import held_texts, texts
from ticket_app.ui.pages.desk.presence.newer_state import (
    NEWER_DIALOG,
    mark_newer_seen,
    open_newer_dialog,
    remember_writing_started,
    remember_writing_stopped,
    take_seen_messages,
)
from ticket_app.ui.pages.desk.ticket.state import TicketPage, show_own_change
from ticket_app.ui.pages.desk.ticket_changes import SetStatus, describe_change
from ticket_app.ui.pages.undo import (
    remember_for_undo,
    remember_held_reply,
    remember_taken_back,
    take_reply_taken_back,
)
from ticket_app.ui.rows import is_id

TEXT_ID: Final = "composer-text"


class TicketComposer(CommentComposer, rx.State):
    """The composer of the ticket that staff have opened."""

    audience: str = REPLY
    pending_status: str = ""
    """The status that the reply that was taken back sets when it is sent again."""

    _audiences: ClassVar[tuple[str, ...]] = AUDIENCES

    _asked_form: bridge.FormData = {}
    """The reply whose writer is shown newer messages first."""

    def _audience(self) -> str:
        return self.audience

    async def _note_writing(self, is_begun: bool) -> None:
        if is_begun:
            await remember_writing_started(self, (await self.get_state(TicketPage)).items)
        else:
            await remember_writing_stopped(self)

    def _show_draft(self, draft: ComposerDraft) -> None:
        super()._show_draft(draft)
        self.pending_status = ""
        self.audience = draft.audience

    async def _load(self) -> None:
        await super()._load()
        taken = await take_reply_taken_back(self)
        if taken is not None and taken.ticket_id == self.ticket_id:
            self.pending_status = str(taken.new_status or "")

    @bridge.event
    async def choose_audience(self, audience: str) -> None:
        """Switch between reply and note; the text stays."""
        self.audience = audience if audience in AUDIENCES else REPLY
        if self._unsent_text:
            self.saved_at = await bridge.write(
                self, comments.move_draft, self.ticket_id, self.audience, self._unsent_text
            )

    @bridge.submission
    async def send(self, ticket_id: int, form: bridge.FormData) -> bridge.Events:
        """Send the comment, and set the status if one was chosen for a reply."""
        self._ensure_shown(ticket_id)
        return await self._send_form(form)

    @bridge.event
    async def send_anyway(self, seen: str) -> bridge.Events:
        """Send a reply although others have written since; its writer has seen that now."""
        await ensure_dialog_is_current(self, NEWER_DIALOG, seen)
        await mark_newer_seen(self)
        await close_dialog(self)
        return await self._send_form(self._asked_form)

    async def _send_form(self, form: bridge.FormData) -> bridge.Events:
        ticket_id = self.ticket_id
        text = str(form.get("body", ""))
        internal = form.get("audience") == NOTE
        new_status = "" if internal else str(form.get("then") or self.pending_status)
        if not text.strip():
            empty = (
                texts.TICKET_COMPOSER_NOTE_EMPTY if internal else texts.TICKET_COMPOSER_REPLY_EMPTY
            )
            return w.toast(empty, tone="amber")
        if self._is_double_click(ticket_id, NOTE if internal else REPLY, text):
            return None
        if any(file.state == "failed" for file in self.draft_files):
            return w.toast(texts.TICKET_COMPOSER_FILE_FAILED, tone="red")
        if internal:
            sent = await self._send(text.strip(), internal=True)
        else:
            try:
                sent = await self._send_reply(text.strip(), new_status, form)
            except Invalid as error:
                if error.field != "send_at":
                    raise
                return w.toast(held_texts.INVALID_TIME, tone="amber")
            except NewerMessages as newer:
                self._asked_form = dict(form)
                await open_newer_dialog(self, newer)
                return TicketPage.refresh
        await remember_writing_stopped(self)
        await show_own_change(self, sent.version)
        if sent.follow_up_number:
            next_page = routes.desk_ticket(sent.follow_up_number)
            return [w.clear_text(TEXT_ID), rx.redirect(next_page)]
        return [w.clear_text(TEXT_ID), await self._confirm(sent, new_status)]

    async def _confirm(self, sent: SentComment, new_status: str) -> EventSpec | None:
        """Return the toast with what can be undone."""
        if sent.undo_seconds:
            return w.toast(
                held_texts.REPLY_SENT,
                tone="green",
                undo_button_id=await remember_held_reply(self, sent.held_id),
                seconds=sent.undo_seconds,
                has_countdown=True,
            )
        if sent.held_id:
            return w.toast(held_texts.SCHEDULED, tone="green")
        if not new_status:
            return None
        page = await self.get_state(TicketPage)
        message = describe_change(SetStatus(Status(new_status)), [page.ticket.number])
        undo_id = await remember_for_undo(self, [sent.undo_step] if sent.undo_step else [])
        return w.toast(message, tone="green", undo_button_id=undo_id)

    async def _send_reply(self, text: str, new_status: str, form: bridge.FormData) -> SentComment:
        send_at = str(form.get("send_at") or "")
        chosen = (
            ChosenTime(held_replies.parse_time(send_at), form.get("cancel_on_reply") == "on")
            if send_at
            else None
        )
        page = await self.get_state(TicketPage)
        sent = await bridge.write(
            self,
            comments.hold_or_send_reply,
            self.ticket_id,
            text,
            new_status=new_status,
            chosen=chosen,
            seen=await take_seen_messages(self, page.items),
        )
        self._forget_text(text, REPLY)
        self.pending_status = ""
        return sent

    @bridge.event
    async def show_taken_back(self) -> AsyncIterator[bridge.Events]:
        """Show a reply of this ticket that was just taken back, as its draft."""
        taken = await take_reply_taken_back(self)
        if taken is None:
            return
        if taken.ticket_id != self.ticket_id:
            await remember_taken_back(self, taken)
            yield rx.redirect(routes.desk_ticket(taken.ticket_key))
            return
        # What the browser has kept of a newer text is part of the draft by now.
        yield w.forget_unsent(f"{self.router.url.path}#composer")
        draft = await bridge.read(self, comments.load_draft, str(self.ticket_id), AUDIENCES)
        self._show_draft(draft)
        self.pending_status = str(taken.new_status or "")
        yield w.focus_on(TEXT_ID)

    @bridge.event
    async def count_saved_reply(self, reply_id: str) -> None:
        """Count that a saved reply was inserted, for the order in which they are offered."""
        if is_id(reply_id):
            await bridge.write(self, saved_replies.count_use, int(reply_id))

    @bridge.event
    def cancel_pending_status(self) -> None:
        """Send the reply that was taken back without its change of the status."""
        self.pending_status = ""


def has_unsent_text(composer: TicketComposer) -> bool:
    """Return whether a text was begun and not sent."""
    return bool(composer._unsent_text)  # noqa: SLF001 - nothing that every page could read

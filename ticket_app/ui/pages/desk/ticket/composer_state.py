"""The state of the composer for staff: replies, internal notes and a change of the status."""

from __future__ import annotations

from typing import ClassVar, Final

import reflex as rx

from ticket_app.core.platform.vocabulary import Status
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.composer import comments
from ticket_app.ui.pages.composer.comments import AUDIENCES, NOTE, REPLY, ComposerDraft
from ticket_app.ui.pages.composer.state import CommentComposer
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.ticket.state import TicketPage, show_own_change
from ticket_app.ui.pages.desk.ticket_changes import SetStatus, describe_change
from ticket_app.ui.pages.undo import remember_for_undo

TEXT_ID: Final = "composer-text"


class TicketComposer(CommentComposer, rx.State):
    """The composer of the ticket that staff have opened."""

    audience: str = REPLY

    _audiences: ClassVar[tuple[str, ...]] = AUDIENCES

    def _audience(self) -> str:
        return self.audience

    def _show_draft(self, draft: ComposerDraft) -> None:
        super()._show_draft(draft)
        self.audience = draft.audience

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
        text = str(form.get("body", ""))
        internal = form.get("audience") == NOTE
        new_status = "" if internal else str(form.get("then") or "")
        if not text.strip():
            empty = (
                texts.TICKET_COMPOSER_NOTE_EMPTY if internal else texts.TICKET_COMPOSER_REPLY_EMPTY
            )
            return w.toast(empty, tone="amber")
        if self._is_double_click(ticket_id, NOTE if internal else REPLY, text):
            return None
        if any(file.state == "failed" for file in self.draft_files):
            return w.toast(texts.TICKET_COMPOSER_FILE_FAILED, tone="red")
        sent = await self._send(text.strip(), internal=internal, new_status=new_status)
        await show_own_change(self, sent.version)
        events = [w.clear_text(TEXT_ID)]
        if sent.follow_up_number:
            return [*events, rx.redirect(routes.desk_ticket(sent.follow_up_number))]
        if new_status:
            page = await self.get_state(TicketPage)
            message = describe_change(SetStatus(Status(new_status)), [page.ticket.number])
            undo_id = await remember_for_undo(self, [sent.undo_step] if sent.undo_step else [])
            events.append(w.toast(message, tone="green", undo=undo_id))
        return events


def has_unsent_text(composer: TicketComposer) -> bool:
    """Return whether a text was begun and not sent."""
    return bool(composer._unsent_text)  # noqa: SLF001 - nothing that every page could read

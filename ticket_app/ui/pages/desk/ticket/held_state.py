"""What the author of a held reply does with it in the conversation."""

from __future__ import annotations

from uuid import UUID

import reflex as rx

from ticket_app.core.conversation import held_release, held_replies
from ticket_app.core.platform.errors import Invalid
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.desk import held_texts
from ticket_app.ui.pages.desk.ticket.composer_state import TicketComposer
from ticket_app.ui.pages.desk.ticket.state import TicketPage
from ticket_app.ui.pages.undo import forget_held_reply, remember_taken_back


class HeldReplies(rx.State):
    """The held reply whose time is being changed."""

    edited_id: str = ""
    edited_at: str = ""

    @bridge.event
    async def take_back(self, reply_id: str) -> bridge.Events:
        """Do not send a reply; its text, files and status go back into the composer."""
        taken = await bridge.write(self, held_replies.take_back, UUID(reply_id))
        self.edited_id = ""
        hide_toast = await forget_held_reply(self, reply_id)
        await remember_taken_back(self, taken)
        return [
            hide_toast,
            TicketComposer.show_taken_back,
            TicketPage.refresh,
            w.toast(held_texts.BACK_IN_COMPOSER),
        ]

    @bridge.event
    async def send_now(self, reply_id: str) -> bridge.Events:
        """Send a reply before its time."""
        await bridge.write(self, held_release.send_now, UUID(reply_id))
        self.edited_id = ""
        hide_toast = await forget_held_reply(self, reply_id)
        return [hide_toast, TicketPage.refresh, w.toast(held_texts.REPLY_SENT, tone="green")]

    @bridge.event
    def edit_time(self, reply_id: str, at: str) -> None:
        """Show the field for another time."""
        self.edited_id, self.edited_at = reply_id, at

    @bridge.event
    def close(self) -> None:
        """Hide the field and keep the time."""
        self.edited_id = ""

    @bridge.submission
    async def save_time(self, form: bridge.FormData) -> bridge.Events:
        """Send the reply at another time."""
        try:
            send_at = held_replies.parse_time(str(form.get("send_at", "")))
            await bridge.write(self, held_replies.change_time, UUID(self.edited_id), send_at)
        except Invalid:
            return w.toast(held_texts.INVALID_TIME, tone="amber")
        self.edited_id = ""
        return [TicketPage.refresh, w.toast(held_texts.TIME_SAVED)]

"""The reply form of the requester's ticket page."""

from __future__ import annotations

from typing import Final

import reflex as rx

from ticket_app.core.platform.errors import DomainError, Unauthenticated
from ticket_app.core.platform.logs import log
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.composer.comments import REPLY
from ticket_app.ui.pages.composer.state import CommentComposer
from ticket_app.ui.pages.composer.view import composer_form, composer_key, draft_files
from ticket_app.ui.pages.portal import texts
from ticket_app.ui.pages.portal.ticket.state import PortalTicket, remember_new_ticket

TEXT_ID: Final = "answer"


class ReplyComposer(CommentComposer, rx.State):
    """The reply of the requester to the ticket in the address."""

    send_error: str = ""

    @bridge.submission
    async def send(self, ticket_id: int, data: bridge.FormData) -> bridge.Events:
        """Send the reply; on an error the text stays in the field."""
        self._ensure_shown(ticket_id)
        text = str(data.get("body", ""))
        if self._is_double_click(ticket_id, REPLY, text):
            return None
        self.send_error = ""
        if not text.strip():
            self.send_error = texts.TICKET_REPLY_EMPTY
            return w.focus_on(TEXT_ID)
        try:
            sent = await self._send(text)
        except Unauthenticated:
            raise
        except DomainError as error:
            self.send_error = error.message
            return None
        except Exception as error:  # noqa: BLE001 - whatever it was, the person must be told
            log().error("answering_failed", error=repr(error))
            self.send_error = texts.SERVER_ERROR
            return None
        if sent.follow_up_number:
            remember_new_ticket(await self.get_state(PortalTicket), sent.follow_up_number)
            return [w.clear_text(TEXT_ID), rx.redirect(routes.portal_ticket(sent.follow_up_number))]
        return [w.clear_text(TEXT_ID), PortalTicket.refresh]


def reply_composer() -> rx.Component:
    """Return the form, with a notice about what the reply will do."""
    return rx.el.section(
        rx.el.h2(texts.TICKET_REPLY_FORM, class_name="visually-hidden"),
        rx.cond(
            PortalTicket.reply_notice != "",
            rx.el.p(PortalTicket.reply_notice, class_name="text-muted", role="note"),
        ),
        rx.cond(
            ReplyComposer.send_error,
            w.callout(ReplyComposer.send_error, texts.TICKET_NOT_SENT),
        ),
        composer_form(
            ReplyComposer,
            form_id="answer-form",
            text_id=TEXT_ID,
            placeholder=texts.TICKET_REPLY_PLACEHOLDER,
            send=PortalTicket.send_label,
            status_choices=(),
            allows_notes=False,
        ),
        draft_files(ReplyComposer),
        class_name="reply-section",
        key=composer_key(ReplyComposer),
    )

"""A ticket's page for staff."""

from __future__ import annotations

import reflex as rx

from ticket_app.ui import routes
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.approvals.decision_dialog import decision_dialog
from ticket_app.ui.pages.desk.layout import desk_page
from ticket_app.ui.pages.desk.presence.view import newer_messages_dialog
from ticket_app.ui.pages.desk.snooze.view import snooze_dialog
from ticket_app.ui.pages.desk.ticket.composer import ticket_composer
from ticket_app.ui.pages.desk.ticket.composer_state import TicketComposer
from ticket_app.ui.pages.desk.ticket.conversation_view import conversation
from ticket_app.ui.pages.desk.ticket.edit_dialog import edit_dialog
from ticket_app.ui.pages.desk.ticket.email_view import forward_dialog, original_dialog
from ticket_app.ui.pages.desk.ticket.header import ticket_header
from ticket_app.ui.pages.desk.ticket.merge import (
    merge_dialog,
)
from ticket_app.ui.pages.desk.ticket.saving_reply import save_reply_dialog
from ticket_app.ui.pages.desk.ticket.side_panel import ticket_side_panel
from ticket_app.ui.pages.desk.ticket.state import TicketPage
from ticket_app.ui.pages.desk.ticket.time_log_view import time_log_dialog

TICKET = TicketPage.ticket


def _missing_ticket() -> rx.Component:
    return w.empty_state(
        "search-x",
        texts.TICKET_MISSING_TITLE,
        texts.TICKET_MISSING_TEXT,
        w.button_link(texts.DESK_ALL_TICKETS, to=routes.desk_view("all")),
    )


WINDOW_TITLE = rx.cond(
    TicketPage.is_loaded & ~TicketPage.is_missing,
    TICKET.number + " " + TICKET.title,
    texts.TICKET_WINDOW_TITLE,
)
"""The title of the browser window."""


def ticket_page() -> rx.Component:
    """Return the page."""
    return desk_page(
        ticket_header(),
        w.server_time(TicketPage.server_time),
        rx.cond(
            TicketPage.is_loaded,
            rx.cond(
                TicketPage.is_missing,
                _missing_ticket(),
                w.ticket_layout(
                    conversation(),
                    ticket_composer(),
                    ticket_side_panel(),
                    message_count=TicketPage.message_count,
                ),
            ),
            w.ticket_layout(w.thread_skeleton(), rx.fragment(), rx.fragment()),
        ),
        edit_dialog(),
        save_reply_dialog(),
        time_log_dialog(),
        merge_dialog(),
        snooze_dialog(),
        decision_dialog(),
        forward_dialog(),
        original_dialog(),
        newer_messages_dialog(),
        is_split=True,
        on_undo=[TicketComposer.show_taken_back, TicketPage.refresh],
    )

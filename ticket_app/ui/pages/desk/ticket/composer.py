"""The composer of a ticket's page for staff."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.tickets.transitions import SOLVED_STATUS, WAITING_FOR_REQUESTER_STATUS
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.composer.mentions import saved_replies_url
from ticket_app.ui.pages.composer.view import composer_form, composer_key, draft_files
from ticket_app.ui.pages.desk import held_texts, texts
from ticket_app.ui.pages.desk.presence.view import typing_notice
from ticket_app.ui.pages.desk.ticket.composer_state import TEXT_ID, TicketComposer
from ticket_app.ui.pages.desk.ticket.email_view import recipient_row
from ticket_app.ui.pages.desk.ticket.merge import TicketMerge
from ticket_app.ui.pages.desk.ticket.saving_reply import save_reply_button
from ticket_app.ui.pages.desk.ticket.state import TicketPage

TICKET = TicketPage.ticket


def _pending_status() -> rx.Component:
    """Return what the reply that was taken back does when it is sent again."""
    return rx.cond(
        TicketComposer.pending_status != "",
        rx.el.div(
            rx.el.span(held_texts.SETS_STATUS_WHEN_SENT),
            w.status_badge(TicketComposer.pending_status),
            w.icon_button(
                "x",
                held_texts.KEEP_STATUS,
                size="small",
                on_click=TicketComposer.cancel_pending_status,
            ),
            class_name="pending-status",
        ),
    )


def ticket_composer() -> rx.Component:
    """Return the composer, hidden while the ticket is merged and nothing was begun."""
    composer = rx.el.div(
        typing_notice(),
        rx.el.div(draft_files(TicketComposer), class_name="draft-files"),
        rx.el.div(
            composer_form(
                TicketComposer,
                text_id=TEXT_ID,
                placeholder=texts.TICKET_COMPOSER_PLACEHOLDER,
                saved_replies_url=saved_replies_url(TicketComposer.ticket_id),
                on_insert_reply=TicketComposer.count_saved_reply,
                tools=(save_reply_button(),),
                status_choices=(
                    (str(SOLVED_STATUS), texts.TICKET_COMPOSER_REPLY_RESOLVE),
                    (str(WAITING_FOR_REQUESTER_STATUS), texts.TICKET_COMPOSER_REPLY_WAIT),
                ),
                offered_statuses=TICKET.allowed_statuses,
                allows_schedule=True,
                notice=_pending_status(),
                recipient_row=recipient_row(),
                audience=TicketComposer.audience,
                on_audience=TicketComposer.choose_audience,
            ),
            key=composer_key(TicketComposer),
        ),
    )
    # A text that was begun before the merge stays visible.
    is_hidden = (
        TicketMerge.hides_composer
        & (TicketMerge.status.ticket_id == TICKET.id)
        & (TicketComposer.draft_text == "")
    )
    return rx.cond(is_hidden | (TicketComposer.ticket_id != TICKET.id), rx.fragment(), composer)

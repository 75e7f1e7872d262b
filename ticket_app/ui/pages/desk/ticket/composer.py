"""The composer of a ticket's page for staff."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.tickets.transitions import SOLVED_STATUS, WAITING_FOR_REQUESTER_STATUS
from ticket_app.ui.pages.composer.view import composer_form, composer_key, draft_files
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.ticket.composer_state import TEXT_ID, TicketComposer
from ticket_app.ui.pages.desk.ticket.merge import TicketMerge
from ticket_app.ui.pages.desk.ticket.state import TicketPage

TICKET = TicketPage.ticket


def ticket_composer() -> rx.Component:
    """Return the composer, hidden while the ticket is merged and nothing was begun."""
    composer = rx.el.div(
        rx.el.div(draft_files(TicketComposer), class_name="draft-files"),
        rx.el.div(
            composer_form(
                TicketComposer,
                text_id=TEXT_ID,
                placeholder=texts.TICKET_COMPOSER_PLACEHOLDER,
                status_choices=(
                    (str(SOLVED_STATUS), texts.TICKET_COMPOSER_REPLY_RESOLVE),
                    (str(WAITING_FOR_REQUESTER_STATUS), texts.TICKET_COMPOSER_REPLY_WAIT),
                ),
                offered_statuses=TICKET.allowed_statuses,
                recipients=TICKET.requester,
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

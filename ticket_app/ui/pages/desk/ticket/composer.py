"""The composer of a ticket's page for staff."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ticket_app.core.tickets.transitions import SOLVED_STATUS, WAITING_FOR_REQUESTER_STATUS
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.ticket.merge import TicketMerge
from ticket_app.ui.pages.desk.ticket.state import COMPOSER_ID, TicketPage

TICKET = TicketPage.ticket


def _draft_tile(file: Any) -> rx.Component:
    return w.attachment_tile(
        name=file.name,
        size=file.note,
        href=file.href,
        extension=file.extension,
        thumbnail=file.thumbnail,
        state=file.state,
        note=file.note,
        on_remove=TicketPage.remove_file(file.id),
    )


def ticket_composer() -> rx.Component:
    place = (
        rx.Var.create("ticket:")
        + TICKET.id.to_string()
        + rx.cond(TicketPage.audience == "note", ":note", ":reply").to(str)
    )
    composer = rx.el.div(
        rx.cond(
            TicketPage.draft_files.length() > 0,
            rx.el.div(
                w.files(rx.foreach(TicketPage.draft_files, _draft_tile)), class_name="draft-files"
            ),
        ),
        rx.el.div(
            w.composer(
                on_submit=TicketPage.send(TICKET.id),
                on_change=lambda text: TicketPage.autosave(TICKET.id, text).debounce(700),
                text=TicketPage.draft_text,
                text_id=COMPOSER_ID,
                placeholder=texts.TICKET_COMPOSER_PLACEHOLDER,
                status_choices=(
                    (str(SOLVED_STATUS), texts.TICKET_COMPOSER_REPLY_RESOLVE),
                    (str(WAITING_FOR_REQUESTER_STATUS), texts.TICKET_COMPOSER_REPLY_WAIT),
                ),
                offered_statuses=TICKET.allowed_statuses,
                recipients=TICKET.requester,
                upload_url="/session/files",
                upload_fields={"place": place},
                on_uploaded=TicketPage.reload_draft_files,
                saved=w.saved_indicator(
                    TicketPage.saved_at != "", TicketPage.saved_at, TicketPage.saved_length
                ),
                busy=TicketPage.is_busy,
                audience=TicketPage.audience,
                on_audience=TicketPage.choose_audience,
            ),
            key=TICKET.id,
        ),
    )
    # A text that was begun before the merge stays visible.
    is_hidden = (
        TicketMerge.hides_composer
        & (TicketMerge.status.ticket_id == TICKET.id)
        & (TicketPage.draft_text == "")
    )
    return rx.cond(is_hidden, rx.fragment(), composer)

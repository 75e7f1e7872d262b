"""The replies that are held, at the end of the conversation."""

from __future__ import annotations

import reflex as rx

from ticket_app.ui import widgets as w
from ticket_app.ui.components.countdown import SendingIn
from ticket_app.ui.components.date_time_input import DateTimeInput
from ticket_app.ui.pages.desk import held_texts
from ticket_app.ui.pages.desk.ticket.held_rows import HeldReplyItem
from ticket_app.ui.pages.desk.ticket.held_state import HeldReplies
from ticket_app.ui.pages.desk.ticket.state import TicketPage
from ticket_app.ui.rows import FileRow


def _status(reply: rx.Var[HeldReplyItem]) -> rx.Component:
    return rx.el.span(
        rx.match(
            reply.state,
            ("held", rx.fragment(rx.icon("send", size=12), SendingIn.create(at=reply.send_at))),
            (
                "scheduled",
                rx.fragment(
                    rx.icon("clock", size=12),
                    rx.el.span(held_texts.SCHEDULED_FOR, w.time_exact(reply.send_at)),
                ),
            ),
            rx.fragment(rx.icon("circle-alert", size=12), rx.el.span(held_texts.NOT_SENT)),
        ),
        class_name="held-status",
    )


def _buttons(reply: rx.Var[HeldReplyItem]) -> rx.Component:
    def take_back(label: str) -> rx.Component:
        return w.button(label, on_click=HeldReplies.take_back(reply.id))

    send_now = w.button(held_texts.SEND_NOW, on_click=HeldReplies.send_now(reply.id))
    return rx.el.div(
        rx.match(
            reply.state,
            ("held", rx.fragment(take_back(held_texts.UNDO), send_now)),
            (
                "scheduled",
                rx.fragment(
                    w.button(
                        held_texts.CHANGE_TIME,
                        on_click=HeldReplies.edit_time(reply.id, reply.send_at),
                    ),
                    take_back(held_texts.CANCEL),
                    send_now,
                ),
            ),
            take_back(held_texts.EDIT),
        ),
        class_name="held-buttons",
    )


def _time_form() -> rx.Component:
    return rx.el.form(
        rx.el.label(
            held_texts.SEND_AT,
            DateTimeInput.create(
                name="send_at", value=HeldReplies.edited_at, class_name="input", required=True
            ),
        ),
        rx.el.div(
            w.button(held_texts.KEEP_TIME, on_click=HeldReplies.close),
            w.button(held_texts.SAVE_TIME, variant="primary", submit=True),
            class_name="align-end",
        ),
        on_submit=HeldReplies.save_time,
        class_name="inline-form",
    )


def _file(file: rx.Var[FileRow]) -> rx.Component:
    return w.attachment_tile(
        name=file.name,
        size=file.note,
        href=file.href,
        extension=file.extension,
        thumbnail=file.thumbnail,
        state=file.state,
        note=file.note,
        key=file.id,
    )


def _held_reply(reply: rx.Var[HeldReplyItem]) -> rx.Component:
    return rx.el.div(
        w.held_card(
            name=reply.name,
            initials=reply.initials,
            color=reply.color,
            html=reply.html,
            status=_status(reply),
            details=reply.details,
            files=rx.cond(reply.files.length() > 0, w.file_list(rx.foreach(reply.files, _file))),
            actions=rx.cond(
                reply.is_own,
                rx.cond(HeldReplies.edited_id == reply.id, _time_form(), _buttons(reply)),
            ),
            state=reply.state,
        ),
        key=reply.id,
    )


def held_replies_of_ticket() -> rx.Component:
    """Return the replies that are held on the ticket, each with what its author can do."""
    return rx.cond(
        TicketPage.shown_kind != "history", rx.foreach(TicketPage.held_replies, _held_reply)
    )

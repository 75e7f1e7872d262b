"""The panel with the preview of a ticket."""

from __future__ import annotations

import reflex as rx

from ticket_app.ui import widgets as w
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.queue.state import Queue


def preview_panel() -> rx.Component:
    """Return the preview of a ticket beside the list."""
    ticket = Queue.preview
    return rx.cond(
        ticket.id > 0,
        rx.el.aside(
            rx.el.header(
                w.ticket_key(ticket.number, copy=True),
                rx.el.span(
                    w.icon_button(
                        "x",
                        texts.QUEUE_PREVIEW_CLOSE,
                        size="small",
                        on_click=Queue.close_preview,
                        data_shortcut="Escape",
                    ),
                    class_name="align-end",
                ),
            ),
            rx.el.h2(
                w.link(ticket.title, to=ticket.href, dir="auto"),
                class_name="ticket-title",
                dir="auto",
            ),
            rx.el.p(
                w.status_badge(ticket.status),
                w.priority_badge(ticket.priority),
                rx.cond(ticket.assignee != "", w.user_text(ticket.assignee), texts.DESK_UNASSIGNED),
                class_name="ticket-facts",
            ),
            rx.el.p(
                w.user_text(ticket.requester),
                rx.cond(ticket.company != "", rx.el.span(" · ", w.user_text(ticket.company))),
                " · ",
                w.time_ago(ticket.created_at),
                class_name="text-muted",
            ),
            w.prose(ticket.html),
            rx.cond(
                ticket.last_at != "",
                rx.el.section(
                    rx.el.p(
                        texts.QUEUE_PREVIEW_LATEST_REPLY,
                        w.time_ago(ticket.last_at),
                        class_name="text-muted",
                    ),
                    w.prose(ticket.last_html),
                ),
            ),
            rx.el.div(
                w.button_link(texts.DESK_OPEN, to=ticket.href, variant="primary"),
                class_name="actions",
            ),
            class_name="ticket-preview",
            aria_label=texts.DESK_PREVIEW,
        ),
    )

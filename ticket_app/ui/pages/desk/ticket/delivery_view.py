"""What a message came through and whom it reached, beside its time."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.email.deliveries import Reached
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.desk import delivery_texts, email_texts
from ticket_app.ui.pages.desk.ticket.conversation import ConversationItem
from ticket_app.ui.pages.desk.ticket.delivery_rows import RecipientRow
from ticket_app.ui.pages.desk.ticket.email_state import TicketEmail
from ticket_app.ui.pages.desk.ticket.state import TicketPage


def _icon(state: rx.Var[str]) -> rx.Component:
    return rx.match(
        state,
        (Reached.FAILED.value, rx.icon("circle-alert", size=14)),
        (Reached.WAITING.value, rx.icon("clock", size=14)),
        ("delivered", rx.icon("check", size=14)),
        ("read", rx.icon("check-check", size=14)),
        rx.icon("mail-x", size=14),
    )


def _recipient(row: rx.Var[RecipientRow]) -> rx.Component:
    return rx.el.li(
        _icon(row.state),
        rx.el.span(
            w.user_text(row.name),
            rx.el.small(
                row.label,
                rx.cond(row.at != "", rx.fragment(" ", w.time_ago(row.at))),
                rx.cond(row.reason != "", rx.el.span(": ", row.reason, dir="auto")),
                dir="auto",
            ),
        ),
        rx.cond(
            row.failed_email != "",
            w.button(
                email_texts.RETRY,
                variant="quiet",
                on_click=TicketEmail.retry(TicketPage.ticket.id, row.failed_email),
            ),
        ),
        data_state=row.state,
    )


def delivery_facts(item: rx.Var[ConversationItem]) -> list[rx.Component]:
    """Return the channel of a message, and its delivery with a list of its recipients."""
    state = item.recipients[0]
    button = rx.popover.trigger(
        rx.el.button(
            _icon(state.state),
            rx.el.span(state.label, class_name="hide-on-mobile", dir="auto"),
            type="button",
            class_name="delivery-button",
            data_delivery=state.state,
            aria_label=delivery_texts.RECIPIENTS + ": " + state.label,
        )
    )
    listed = rx.popover.content(
        rx.el.ul(
            rx.foreach(item.recipients, _recipient), class_name="list-unstyled recipient-list"
        ),
        size="1",
        max_width="320px",
    )
    return [
        rx.cond(item.channel != "", rx.el.span(item.channel, class_name="message-channel")),
        rx.cond(item.recipients.length() > 0, w.popover_root(button, listed)),
    ]

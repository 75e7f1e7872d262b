"""Who else has a ticket open, as avatars; who writes, above the composer; and newer messages."""

from __future__ import annotations

import reflex as rx

from ticket_app.ui import widgets as w
from ticket_app.ui.components.presence import PresenceReporter
from ticket_app.ui.dialogs import OpenDialog, dialog_root
from ticket_app.ui.pages.desk.presence import texts
from ticket_app.ui.pages.desk.presence.newer_state import (
    NEWER_DIALOG,
    NewerMessagesDialog,
    NewerRow,
)
from ticket_app.ui.pages.desk.presence.rows import PresentRow
from ticket_app.ui.pages.desk.presence.state import TicketPresence
from ticket_app.ui.pages.desk.ticket.composer_state import TicketComposer
from ticket_app.ui.pages.desk.ticket.state import TicketPage


def present_person(person: rx.Var[PresentRow]) -> rx.Component:
    """Return the avatar of a person who has a ticket open."""
    return w.presence_avatar(
        person.initials, person.label, person.color, level=person.level, key=person.id
    )


def people_on_ticket() -> rx.Component:
    """Return the others on the open ticket, and what reports this tab to them."""
    return rx.fragment(
        PresenceReporter.create(
            ticket_id=TicketPresence.ticket_id,
            visit=TicketPresence.visit,
            on_activity=TicketPresence.report_and_assign,
        ),
        rx.el.span(
            rx.foreach(TicketPresence.people, present_person),
            class_name="presence-list",
            role="group",
            aria_label=texts.PRESENT,
        ),
    )


def typing_notice() -> rx.Component:
    """Return the line above the composer that says who writes."""
    return rx.el.div(
        rx.cond(
            TicketPresence.typing != "",
            rx.el.span(TicketPresence.typing, class_name="truncate", dir="auto"),
        ),
        class_name="typing-notice",
        role="status",
    )


def _newer_message(row: rx.Var[NewerRow]) -> rx.Component:
    return rx.el.div(
        w.message_card(
            name=row.name,
            initials=row.initials,
            color=row.color,
            at=row.at,
            html=row.html,
            role=row.role,
        ),
        key=row.key,
    )


def newer_messages_dialog() -> rx.Component:
    """Return the dialog that shows newer messages before a reply is sent or a ticket resolved."""
    resolves = NewerMessagesDialog.resolves
    return dialog_root(
        NEWER_DIALOG,
        rx.dialog.content(
            rx.dialog.title(
                rx.el.span(NewerMessagesDialog.name, dir="auto"),
                " ",
                texts.NEWER_REPLIED,
                " ",
                w.time_ago(NewerMessagesDialog.at),
                size="3",
            ),
            rx.el.p(
                TicketPage.ticket.number,
                " ",
                w.user_text(TicketPage.ticket.title),
                class_name="dialog-subject",
            ),
            rx.dialog.description(
                rx.cond(resolves, texts.NEWER_HINT_RESOLVE, texts.NEWER_HINT_SEND),
                class_name="text-muted",
                size="1",
            ),
            rx.el.div(
                rx.foreach(NewerMessagesDialog.messages, _newer_message),
                class_name="newer-messages",
            ),
            rx.el.div(
                rx.dialog.close(
                    w.button(
                        rx.cond(resolves, texts.NEWER_BACK, texts.NEWER_EDIT), variant="primary"
                    )
                ),
                rx.cond(
                    resolves,
                    w.button(
                        texts.NEWER_RESOLVE,
                        on_click=TicketPage.resolve_anyway(OpenDialog.fingerprint),
                    ),
                    w.button(
                        texts.NEWER_SEND,
                        on_click=TicketComposer.send_anyway(OpenDialog.fingerprint),
                    ),
                ),
                class_name="align-end",
            ),
            max_width="560px",
        ),
    )

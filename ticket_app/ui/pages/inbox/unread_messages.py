"""What is new in the conversation of a ticket: the button that leads to it, and reading it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import reflex as rx

from ticket_app.ui.components.reading import ReadWhenVisible
from ticket_app.ui.pages.inbox import texts
from ticket_app.ui.pages.inbox.unread_badge import UnreadBadge


@dataclass(frozen=True)
class UnreadMessages:
    """The messages of a conversation that its reader had not read when they opened it."""

    label: str = ""
    """ "3 new", or empty if there are none."""
    first_anchor: str = ""


def anchor_of(entry_id: int) -> str:
    """Return the id of the element that shows a timeline entry."""
    return f"entry-{entry_id}" if entry_id else "description"


def describe_unread(
    message_ids: Sequence[int], unread_entry_ids: Collection[int]
) -> UnreadMessages:
    """Return what is new among the messages, which are in the order of the conversation."""
    unread = [message_id for message_id in message_ids if message_id in unread_entry_ids]
    if not unread:
        return UnreadMessages()
    return UnreadMessages(texts.new_messages(len(unread)), anchor_of(unread[0]))


def new_messages_button(
    unread: rx.Var[UnreadMessages], on_click: rx.event.EventType
) -> rx.Component:
    """Return the button that leads to the first new message."""
    return rx.el.div(
        rx.cond(
            unread.label != "",
            rx.el.button(
                rx.icon("arrow-down", size=12),
                rx.el.span(unread.label, dir="auto"),
                type="button",
                class_name="new-tickets-button",
                on_click=on_click,
                title=texts.NEW_MESSAGES_TOOLTIP,
            ),
        ),
        role="status",
        class_name="new-tickets-area",
    )


def read_when_visible(on_read: rx.event.EventType[bool]) -> rx.Component:
    """Mark the open ticket as read while the person looks at it."""
    return ReadWhenVisible.create(unread=UnreadBadge.about_ticket, on_read=on_read)

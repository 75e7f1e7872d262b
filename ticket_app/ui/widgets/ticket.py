"""The frame of a ticket's page: layout, title, status line and links to other tickets."""

import reflex as rx

from ticket_app.ui.components.conversation_scroll import ConversationScroll
from ticket_app.ui.theme import STATUS_LOOKS
from ticket_app.ui.widgets import texts
from ticket_app.ui.widgets.badges import status_icon_only
from ticket_app.ui.widgets.buttons import link
from ticket_app.ui.widgets.vars import Flag, Number, Text


def ticket_layout(
    conversation: rx.Component,
    composer_area: rx.Component,
    side_panel: rx.Component,
    *,
    message_count: Number = 0,
) -> rx.Component:
    """Return the layout of a ticket: conversation, composer below it, properties at the right.

    `message_count` is how many messages and notes the conversation has: who reads further up is
    told of new ones.

    Below 1100 px the properties are a drawer that a `PanelToggle` for "side" opens.
    """
    return rx.el.div(
        rx.el.div(
            ConversationScroll.create(
                rx.el.div(conversation, class_name="ticket-column"), message_count=message_count
            ),
            rx.el.div(
                rx.el.div(composer_area, class_name="ticket-column"), class_name="ticket-composer"
            ),
            class_name="ticket-conversation",
        ),
        rx.el.aside(side_panel, class_name="ticket-side-panel", aria_label=texts.TICKET_PROPERTIES),
        class_name="ticket",
    )


def ticket_title(title: Text) -> rx.Component:
    """Return a ticket's title (the page's h1 is its number)."""
    return rx.el.h2(title, class_name="ticket-title", dir="auto")


@rx.memo
def requester_status_line(
    status: rx.Var[str], line: rx.Var[str], hint: rx.Var[str]
) -> rx.Component:
    """Return the status line of a ticket for its requester."""

    def render(word: str) -> rx.Component:
        return rx.el.div(
            status_icon_only(status=word),
            rx.el.div(rx.el.strong(line), rx.el.p(hint)),
            class_name=f"status-banner tone-{STATUS_LOOKS[word].color}",
        )

    return rx.match(status, *((word, render(word)) for word in STATUS_LOOKS), rx.fragment())


def status_line(status: Text, line: Text, hint: Text) -> rx.Component:
    """Return the status line of the portal: "We are working on it" and what happens next."""
    return rx.el.div(requester_status_line(status=status, line=line, hint=hint), role="status")


def related_ticket(
    number: Text, title: Text, *, to: Text, status: Text, is_unread: Flag = False
) -> rx.Component:
    """Return a link to another ticket; a dot marks one with something unread."""
    return link(
        status_icon_only(status=status),
        rx.el.span(number, class_name="ticket-key"),
        rx.el.span(title, class_name="truncate", title=title, dir="auto"),
        rx.cond(
            is_unread,
            rx.el.span(
                rx.el.span(texts.LIST_UNREAD, class_name="visually-hidden"),
                class_name="unread-dot",
            ),
        ),
        to=to,
        class_name="nav-item",
        aria_label=rx.Var.create("") + number + " " + title,
    )

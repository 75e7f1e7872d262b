"""The conversation of a ticket: messages, notes and events."""

from collections.abc import Sequence

import reflex as rx

from ticket_app.ui.widgets import texts
from ticket_app.ui.widgets.badges import avatar, time_ago
from ticket_app.ui.widgets.prose import prose
from ticket_app.ui.widgets.vars import Flag, Number, Text, bool_attribute, may_be_present


def _message_header(
    initials: Text,
    name: Text,
    color: Number,
    at: Text,
    labels: Sequence[rx.Component],
    extras: Sequence[rx.Component],
    is_unread: Flag,
) -> rx.Component:
    new_label = rx.el.span(texts.CONVERSATION_NEW, class_name="new-label")
    return rx.el.header(
        rx.el.span(
            avatar(initials, name, color, size=24),
            aria_hidden="true",
            style={"display": "inline-flex"},
        ),
        rx.el.strong(name, class_name="truncate", title=name, dir="auto"),
        *labels,
        rx.cond(is_unread, new_label),
        rx.el.span(time_ago(at), *extras, class_name="align-end"),
    )


def message_card(
    *,
    name: Text,
    initials: Text,
    color: Number,
    at: Text,
    html: Text,
    anchor: Text = "",
    role: Text = "",
    files: rx.Component | None = None,
    body: rx.Component | None = None,
    extras: Sequence[rx.Component] = (),
    is_unread: Flag = False,
) -> rx.Component:
    """Return a public message.

    `html` is safe HTML from the core, shown unless there is a `body`; `role` is a short label
    ("Requester"); `extras` come after the time; `is_unread` marks a message as new.
    """
    labels = [rx.el.span(role, class_name="text-muted truncate")] if may_be_present(role) else []
    return rx.el.article(
        _message_header(initials, name, color, at, labels, extras, is_unread),
        body if body is not None else prose(html),
        *([files] if files is not None else []),
        class_name="message",
        id=anchor,
        tab_index=-1,
        data_unread=bool_attribute(is_unread),
    )


def note_card(
    *,
    name: Text,
    initials: Text,
    color: Number,
    at: Text,
    html: Text,
    anchor: Text = "",
    files: rx.Component | None = None,
    body: rx.Component | None = None,
    extras: Sequence[rx.Component] = (),
    is_unread: Flag = False,
) -> rx.Component:
    """Return an internal note, marked by colour, lock and label; otherwise like a message."""
    lock = rx.el.span(
        rx.icon("lock", size=12, stroke_width=2),
        texts.CONVERSATION_INTERNAL_NOTE,
        class_name="internal-note-label",
    )
    return rx.el.article(
        _message_header(initials, name, color, at, [lock], extras, is_unread),
        body if body is not None else prose(html),
        *([files] if files is not None else []),
        class_name="message note",
        id=anchor,
        tab_index=-1,
        data_unread=bool_attribute(is_unread),
    )


def held_card(
    *,
    name: Text,
    initials: Text,
    color: Number,
    html: Text,
    status: rx.Component,
    details: Text,
    files: rx.Component,
    actions: rx.Component,
    state: Text,
) -> rx.Component:
    """Return a reply that is not sent yet; `status` says when it will be, `details` what then."""
    return rx.el.article(
        rx.el.header(
            rx.el.span(avatar(initials, name, color, size=24), aria_hidden="true"),
            rx.el.strong(name, class_name="truncate", title=name, dir="auto"),
            rx.el.span(status, class_name="align-end"),
        ),
        prose(html),
        files,
        rx.el.footer(rx.cond(details != "", rx.el.span(details, class_name="text-muted")), actions),
        class_name="message held",
        data_state=state,
    )


def event_line(
    *content: Text | rx.Component,
    at: Text,
    icon: str = "history",
    symbol: rx.Component | None = None,
    is_new: Flag = False,
) -> rx.Component:
    """Return an event between messages: "Mia set the priority to High · 3 h ago".

    Names are in `rx.el.b`. `is_new` highlights one that the reader has not seen yet.
    """
    return rx.el.div(
        rx.el.span(
            symbol if symbol is not None else rx.icon(icon, size=14, stroke_width=1.75),
            class_name="event-icon",
        ),
        rx.el.span(*content, " · ", time_ago(at)),
        class_name="event",
        data_new=bool_attribute(is_new),
    )


def conversation_log(
    *items: rx.Component | rx.Var, label: Text = texts.CONVERSATION
) -> rx.Component:
    """Return the column of the timeline; screen readers announce new items."""
    return rx.el.section(
        *items, class_name="thread", aria_label=label, role="log", aria_live="polite"
    )

"""The list of notifications, shared by the workspace and the portal."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.notifications.kinds import NotificationKind
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.inbox import texts
from ticket_app.ui.pages.inbox.state import Inbox, NotificationRow

ICONS = {
    str(NotificationKind.MENTION): "at-sign",
    str(NotificationKind.TICKET_CREATED): "inbox",
    str(NotificationKind.REPLY): "message-square",
    str(NotificationKind.REQUESTER_REPLY): "message-square",
    str(NotificationKind.NOTE): "sticky-note",
    str(NotificationKind.STATUS_CHANGED): "rotate-cw",
    str(NotificationKind.ASSIGNED): "user-check",
    str(NotificationKind.APPROVAL_REQUESTED): "stamp",
    str(NotificationKind.APPROVAL_DECIDED): "stamp",
    str(NotificationKind.SLA_WARNING): "timer",
    str(NotificationKind.SLA_BREACH): "timer",
    str(NotificationKind.WEBHOOK_DISABLED): "webhook",
}


def _icon(kind: rx.Var[str]) -> rx.Component:
    shown = [(word, rx.icon(icon, size=16, stroke_width=1.75)) for word, icon in ICONS.items()]
    return rx.el.span(
        rx.match(kind, *shown, rx.icon("bell", size=16, stroke_width=1.75)),
        class_name="notification-icon",
        aria_hidden="true",
    )


def _notification_text(row: rx.Var[NotificationRow]) -> rx.Component:
    return rx.fragment(
        rx.el.span(row.text, class_name="notification-text"),
        rx.cond(
            row.number != "",
            rx.el.span(
                rx.el.span(row.number, class_name="ticket-key"),
                " ",
                w.user_text(row.title),
                class_name="text-muted truncate",
            ),
        ),
    )


def _notification_item(row: rx.Var[NotificationRow]) -> rx.Component:
    return rx.el.li(
        _icon(row.kind),
        rx.cond(
            row.href != "",
            w.link(_notification_text(row), to=row.href, class_name="notification-link"),
            rx.el.div(_notification_text(row), class_name="notification-link"),
        ),
        w.time_short(row.at),
        rx.cond(
            row.is_unread,
            w.icon_button(
                "check", texts.INBOX_MARK_READ, size="small", on_click=Inbox.mark_read(row.id)
            ),
            rx.el.span(),
        ),
        class_name="notification",
        data_unread=rx.cond(row.is_unread, "true", "false"),
        key=row.id,
    )


def mark_all_read_button() -> rx.Component:
    """Return the button, shown only while there are unread notifications."""
    return rx.cond(
        Inbox.has_unread,
        w.button(texts.INBOX_MARK_ALL_READ, icon="check-check", on_click=Inbox.mark_all_read),
    )


def notification_list() -> rx.Component:
    """Return the list of notifications, or an empty state."""
    return rx.cond(
        Inbox.is_loaded,
        rx.cond(
            Inbox.rows.length() > 0,
            rx.fragment(
                rx.el.ul(
                    rx.foreach(Inbox.rows, _notification_item),
                    class_name="list-unstyled",
                ),
                rx.cond(
                    Inbox.has_more,
                    rx.el.div(
                        w.button(texts.INBOX_SHOW_MORE, on_click=Inbox.show_more),
                        class_name="notification-load-more",
                    ),
                ),
            ),
            w.empty_state(
                "bell",
                texts.INBOX_EMPTY_TITLE,
                texts.INBOX_EMPTY_HINT,
            ),
        ),
        w.queue_skeleton(6),
    )

"""The list of notifications, shared by the workspace and the portal."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.notifications.kinds import NotificationKind
from ticket_app.ui import routes
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.inbox import texts
from ticket_app.ui.pages.inbox.state import Inbox, NotificationRow, OlderNotification

ICONS = {
    NotificationKind.TICKET_CREATED: "inbox",
    NotificationKind.REPLY: "reply",
    NotificationKind.REQUESTER_REPLY: "message-square",
    NotificationKind.NOTE: "sticky-note",
    NotificationKind.STATUS_CHANGED: "rotate-cw",
    NotificationKind.ASSIGNED: "user-check",
    NotificationKind.MENTION: "at-sign",
    NotificationKind.APPROVAL_REQUESTED: "stamp",
    NotificationKind.APPROVAL_DECIDED: "badge-check",
    NotificationKind.SLA_WARNING: "timer",
    NotificationKind.SLA_BREACH: "timer-off",
    NotificationKind.WEBHOOK_DISABLED: "webhook",
    NotificationKind.SNOOZE_ENDED: "alarm-clock",
}


def _icon(kind: rx.Var[str]) -> rx.Component:
    shown = [(str(word), rx.icon(icon, size=16, stroke_width=1.75)) for word, icon in ICONS.items()]
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


def _older_notification(older: rx.Var[OlderNotification]) -> rx.Component:
    return rx.el.li(
        _icon(older.kind),
        rx.el.span(older.text, class_name="notification-text"),
        w.time_short(older.at),
        key=older.id,
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
        rx.cond(
            row.older_label != "",
            rx.el.details(
                rx.el.summary(row.older_label),
                rx.el.ul(
                    rx.foreach(row.older, _older_notification),
                    class_name="list-unstyled older-notifications",
                ),
                class_name="notification-group",
            ),
        ),
        class_name="notification",
        data_unread=rx.cond(row.is_unread, "true", "false"),
        key=row.id,
    )


def inbox_buttons() -> rx.Component:
    """Return the buttons above the list: the settings, and mark all as read while some are not."""
    return rx.fragment(
        rx.cond(
            Inbox.has_unread,
            w.button(texts.INBOX_MARK_ALL_READ, icon="check-check", on_click=Inbox.mark_all_read),
        ),
        w.link(
            rx.icon("settings", size=16, stroke_width=1.75),
            to=routes.NOTIFICATION_SETTINGS,
            class_name="icon-button",
            aria_label=texts.INBOX_PREFERENCES,
            title=texts.INBOX_PREFERENCES,
        ),
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

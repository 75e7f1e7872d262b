"""The inbox page for staff."""

from __future__ import annotations

import reflex as rx

from ticket_app.ui import widgets as w
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.layout import desk_page
from ticket_app.ui.pages.inbox.view import inbox_buttons, notification_list


def inbox_page() -> rx.Component:
    """Return the inbox with the layout for staff."""
    return desk_page(
        w.desk_header(texts.LAYOUT_INBOX, tools=(inbox_buttons(),)),
        notification_list(),
        current_page="inbox",
    )

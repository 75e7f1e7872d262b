"""The inbox in the portal."""

from __future__ import annotations

import reflex as rx

from ticket_app.ui import widgets as w
from ticket_app.ui.pages.inbox.view import inbox_buttons, notification_list
from ticket_app.ui.pages.portal import texts
from ticket_app.ui.pages.portal.layout import portal_page


def inbox_page() -> rx.Component:
    return portal_page(
        w.page_heading(texts.NOTIFICATIONS, "", inbox_buttons()),
        rx.el.div(notification_list(), class_name="notification-list"),
        current_page="inbox",
    )

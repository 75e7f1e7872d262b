"""The portal's inbox: what somebody who files tickets was told."""

from __future__ import annotations

import reflex as rx

from ticket_app.ui import widgets as w
from ticket_app.ui.pages.inbox.view import inbox, read_all_button
from ticket_app.ui.pages.portal.frame import portal_page


def portal_inbox() -> rx.Component:
    """The inbox, framed by the portal."""
    return portal_page(
        w.page_title("Notifications", "", read_all_button()),
        rx.el.div(inbox(), class_name="notices-card"),
        here="inbox",
    )

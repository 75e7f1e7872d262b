"""The desk's inbox: what an agent was told."""

from __future__ import annotations

import reflex as rx

from ticket_app.ui import widgets as w
from ticket_app.ui.pages.desk.frame import desk_page
from ticket_app.ui.pages.inbox.view import inbox, read_all_button


def inbox_page() -> rx.Component:
    """The inbox, framed by the desk."""
    return desk_page(w.desk_header("Inbox", tools=(read_all_button(),)), inbox(), here="inbox")

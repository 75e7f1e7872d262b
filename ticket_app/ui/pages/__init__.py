"""The pages, each a view and the state it shows."""

from __future__ import annotations

import reflex as rx

from ticket_app.ui import bridge
from ticket_app.ui.page_registry import PageRegistry
from ticket_app.ui.pages import account, admin, desk, portal, sign_in
from ticket_app.ui.pages.inbox.unread_badge import title_prefix


def add_pages(app: rx.App) -> None:
    """Add every page of the web app, and close what Reflex opens on each state by itself."""
    pages = PageRegistry(app, title_prefix=title_prefix())
    for area in (sign_in, account, portal, desk, admin):
        area.add_pages(pages)
    bridge.remove_setvar_handlers()

"""Add pages to the app."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import reflex as rx

from ticket_app.ui.dialogs import OpenDialog
from ticket_app.ui.widgets.vars import Text


class PageRegistry:
    """Adds pages that close the open dialog when they load."""

    def __init__(self, app: rx.App) -> None:
        self.app = app

    def add_page(
        self,
        page: Callable[[], rx.Component],
        *,
        route: str,
        title: Text,
        on_load: rx.event.EventType[()] = (),
    ) -> None:
        """Add a page as `rx.App.add_page` does."""
        events = on_load if isinstance(on_load, Sequence) else [on_load]
        self.app.add_page(page, route=route, title=title, on_load=[OpenDialog.close, *events])

"""Add pages to the app."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import reflex as rx

from ticket_app.ui.dialogs import OpenDialog
from ticket_app.ui.widgets.vars import Text


class PageRegistry:
    """Adds pages that close the open dialog when they load.

    The window title of each begins with `title_prefix`.
    """

    def __init__(self, app: rx.App, *, title_prefix: Text) -> None:
        self.app = app
        self.title_prefix = title_prefix

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
        full_title = rx.Var.create(f"{self.title_prefix}{title}")
        self.app.add_page(page, route=route, title=full_title, on_load=[OpenDialog.close, *events])

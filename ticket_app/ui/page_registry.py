"""Add pages to the app."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflex as rx

from ticket_app.ui.dialogs import OpenDialog


class PageRegistry:
    """Adds pages that close the open dialog when they load."""

    def __init__(self, app: rx.App) -> None:
        self.app = app

    def add_page(self, page: Any, *, on_load: Sequence[Any] | Any = (), **options: Any) -> None:
        """Add a page as `rx.App.add_page` does."""
        events: list[Any] = [*on_load] if isinstance(on_load, list | tuple) else [on_load]
        self.app.add_page(page, on_load=[OpenDialog.close, *events], **options)

"""The pages of the portal."""

from __future__ import annotations

import reflex as rx


def add_pages(app: rx.App) -> None:
    """Add the portal's pages, those with a ticket in their address first."""

"""The pages, each a view and the state it shows."""

from __future__ import annotations

import reflex as rx

from ticket_app.ui import routes


def add_pages(app: rx.App) -> None:
    """Add every page, those with a ticket in their address first."""
    app.add_page(rx.el.main(rx.heading("Help desk")), route=routes.HOME, title="Help desk")

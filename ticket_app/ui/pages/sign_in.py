"""Coming in: sign in, register, and the root that leads everybody to where they work."""

from __future__ import annotations

import reflex as rx

from ticket_app.ui import routes
from ticket_app.ui.session import Me


def home() -> rx.Component:
    """Nothing to see: the root leads on."""
    return rx.el.main(rx.el.span("Opening the desk", role="status"))


def add_pages(app: rx.App) -> None:
    """The root, sign-in and registration."""
    app.add_page(home, route=routes.HOME, title="Help desk", on_load=Me.go_home)

"""The icons of saved views."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.tickets.saved_view_fields import ICONS


def view_icon(icon: rx.Var[str], size: int = 16) -> rx.Component:
    """Return the icon of a view."""
    return rx.match(
        icon,
        *((one, rx.icon(one, size=size, stroke_width=1.75)) for one in ICONS),
        rx.icon(ICONS[0], size=size, stroke_width=1.75),
    )

"""Rendered Markdown."""

import reflex as rx

from ticket_app.ui.widgets.vars import Text


def prose(html: Text) -> rx.Component:
    """Shows HTML that the core has already made safe; nothing else may be passed here."""
    return rx.html(html, class_name="prose")

"""Text written by people: rendered Markdown, and names and titles inside our sentences."""

import reflex as rx

from ticket_app.ui.widgets.vars import Text


def prose(html: Text) -> rx.Component:
    """Show HTML that the core has sanitized; nothing else may be passed here."""
    return rx.html(html, class_name="prose", dir="auto")


def user_text(text: Text, **props: object) -> rx.Component:
    """Return text written by a person inside one of our sentences: a name, a title, a tag.

    It has its own direction and does not affect that of the text around it (Arabic, Hebrew).
    """
    return rx.el.bdi(text, dir="auto", **props)

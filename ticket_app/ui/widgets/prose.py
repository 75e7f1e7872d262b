"""Text written by people: rendered Markdown, and names and titles inside our sentences."""

from typing import Any

import reflex as rx

from ticket_app.ui.widgets.vars import Text


def prose(html: Text) -> rx.Component:
    """Shows HTML that the core has already made safe; nothing else may be passed here."""
    return rx.html(html, class_name="prose", dir="auto")


def user_text(text: Text, **props: Any) -> rx.Component:
    """Text written by a person inside a sentence of ours: a name, a title, a tag.

    It is laid out in its own direction and does not turn the words around it (Arabic, Hebrew...).
    """
    return rx.el.bdi(text, dir="auto", **props)

"""Where the text fields of a ticket ask for people to mention."""

from __future__ import annotations

from typing import Final

import reflex as rx

TAGS_URL: Final = "/session/tags?"
"""Where tag fields for staff ask for known tags."""


def saved_replies_url(ticket_id: rx.Var[int]) -> rx.Var[str]:
    """Return the address that offers saved replies with the values of a ticket."""
    return rx.Var.create("/session/saved-replies?ticket=") + ticket_id.to_string()


def mentions_url(ticket_id: rx.Var[int], *, is_note: rx.Var[bool] | bool = False) -> rx.Var[str]:
    """Return the address for a ticket; `is_note` is for a field without a choice of its kind."""
    url = rx.Var.create("/session/mentions?ticket=") + ticket_id.to_string()
    return url + rx.cond(is_note, "&note=true", "")

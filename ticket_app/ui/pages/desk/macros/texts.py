"""Texts of the menus of macros and of saving a reply from the composer."""

from __future__ import annotations

from typing import Final

from ticket_app.ui.texts import describe_tickets

MENU: Final = "Macros"
MENU_TOOLTIP: Final = "Apply a macro (m)"
EMPTY: Final = "No macros yet"
MANAGE: Final = "Manage macros…"
NOTHING_APPLIED: Final = "The macro was not applied."
SAVE_REPLY: Final = "Save as a saved reply"
NO_TEXT: Final = "Write the text before you save it."


def applied(name: str, numbers: list[str]) -> str:
    """Return what was done: "Macro “Solved” applied to BUG-15"."""
    return f"Macro “{name}” applied to {describe_tickets(numbers)}"

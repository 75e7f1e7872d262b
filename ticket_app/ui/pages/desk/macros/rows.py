"""The macros that a menu offers."""

from __future__ import annotations

from dataclasses import dataclass

from ticket_app.core.automation import macro_actions, macros
from ticket_app.core.platform.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class MacroItem:
    """A macro: its name, its key in the menu, and what it does."""

    id: int
    name: str
    key: str
    shown_keys: str
    """The key that opens the menu, and the macro's own."""
    actions: str


def list_macro_items(uow: UnitOfWork) -> list[MacroItem]:
    """Return the macros that the actor may apply, in their order."""
    if not uow.actor.can("work_tickets"):
        return []
    return [
        MacroItem(
            row.id,
            row.name,
            row.shortcut or "",
            f"m {row.shortcut}" if row.shortcut else "",
            ", ".join(map(macro_actions.describe, macro_actions.read_actions(row.actions))),
        )
        for row in macros.list_usable(uow)
    ]

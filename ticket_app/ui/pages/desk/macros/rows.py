"""The macros that a menu offers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def describe_actions(stored: Sequence[Mapping[str, object]]) -> str:
    """Return what the actions of a macro do, as in "set status to resolved, follow"."""
    return ", ".join(map(macro_actions.describe, macro_actions.read_actions(stored)))


def shown_keys(shortcut: str | None) -> str:
    """Return the key that opens the menu and the macro's own; empty without one."""
    return f"m {shortcut}" if shortcut else ""


def list_macro_items(uow: UnitOfWork) -> list[MacroItem]:
    """Return the macros that the actor may apply, in their order."""
    if not uow.actor.can("work_tickets"):
        return []
    return [
        MacroItem(
            row.id,
            row.name,
            row.shortcut or "",
            shown_keys(row.shortcut),
            describe_actions(row.actions),
        )
        for row in macros.list_usable(uow)
    ]

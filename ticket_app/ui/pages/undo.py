"""Undo: a toast undoes its own action, the Z key the last one."""

from __future__ import annotations

from collections.abc import Sequence
from secrets import token_hex
from typing import Final

import reflex as rx

from ticket_app.core.tickets import bulk
from ticket_app.core.tickets.undo import UndoStep
from ticket_app.ui import bridge, texts
from ticket_app.ui import widgets as w
from ticket_app.ui.widgets.vars import Text

MAX_UNDO_ACTIONS: Final = 10
"""The most actions that can be undone."""


class UndoStack(rx.State):
    """The actions of this tab that can be undone, oldest first."""

    tokens: list[str] = []

    _steps: dict[str, list[UndoStep]] = {}

    @bridge.event
    async def undo(self, token: str) -> bridge.Events:
        """Restore the tickets of an action."""
        steps = self._steps.pop(token, [])
        self.tokens = [other for other in self.tokens if other != token]
        if not steps:
            return w.toast(texts.UNDO_EXPIRED, tone="amber")
        result = await bridge.write(self, bulk.undo_steps, steps)
        toasts = [w.toast(why, tone="red") for why in dict.fromkeys(result.errors)]
        if result.ticket_keys:
            done = texts.undo_done(texts.describe_tickets(result.ticket_keys))
            toasts.append(w.toast(done, seconds=4))
        return toasts


async def remember_for_undo(page: rx.State, steps: Sequence[UndoStep]) -> str:
    """Remember an action and return the id of the button that a toast's Undo clicks."""
    if not steps:
        return ""
    stack = await page.get_state(UndoStack)
    token = token_hex(8)
    stack._steps = {**stack._steps, token: list(steps)}  # noqa: SLF001 - not open to the page
    for old in stack.tokens[: max(0, len(stack.tokens) + 1 - MAX_UNDO_ACTIONS)]:
        stack._steps.pop(old, None)  # noqa: SLF001
    stack.tokens = [*stack.tokens, token][-MAX_UNDO_ACTIONS:]
    return _button_id(token)


def _button_id(token: Text) -> str:
    return f"undo-{token}"


def undo_buttons(on_undo: rx.event.EventType) -> rx.Component:
    """Return the hidden buttons that toasts and the Z key click; `on_undo` updates the page."""

    def button(token: rx.Var[str], n: rx.Var[int]) -> rx.Component:
        is_last = n == UndoStack.tokens.length() - 1
        return rx.el.button(
            id=_button_id(token),
            type="button",
            hidden=True,
            tab_index=-1,
            data_shortcut=rx.cond(is_last, "z", ""),
            on_click=[UndoStack.undo(token), on_undo]
            if on_undo is not None
            else UndoStack.undo(token),
            key=token,
        )

    return rx.fragment(rx.foreach(UndoStack.tokens, button))

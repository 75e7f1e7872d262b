"""Undo on every page of the desk: each toast undoes its own action, Z the last one."""

from __future__ import annotations

from collections.abc import Sequence
from secrets import token_hex
from typing import Any, Final

import reflex as rx

from ticket_app.core.tickets.undo import Step
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.desk import work

KEPT: Final = 10
"""How many actions can be undone, the newest ones; a toast is gone long before."""


class Undoing(rx.State):
    """The actions of this tab that can be undone, by their tokens, oldest first."""

    tokens: list[str] = []

    _steps: dict[str, list[Step]] = {}

    @bridge.event
    async def undo(self, token: str) -> Any:
        """Put the tickets of an action back as they were before it."""
        steps = self._steps.pop(token, [])
        self.tokens = [other for other in self.tokens if other != token]
        if not steps:
            return w.toast("This can no longer be undone.", tone="amber")
        done = await bridge.write(self, work.put_back, steps)
        toasts = [w.toast(why, tone="red") for why in dict.fromkeys(done.refused)]
        if done.numbers:
            toasts.append(w.toast(f"Undone: {work.named(done.numbers)} as before", seconds=4))
        return toasts


async def undoable(page: rx.State, steps: Sequence[Step]) -> str:
    """Keep an action for undoing. Returns the id of the button that a toast's Undo clicks."""
    if not steps:
        return ""
    kept = await page.get_state(Undoing)
    token = token_hex(8)
    kept._steps = {**kept._steps, token: list(steps)}  # noqa: SLF001 - not open to the page
    for old in kept.tokens[: max(0, len(kept.tokens) + 1 - KEPT)]:
        kept._steps.pop(old, None)  # noqa: SLF001
    kept.tokens = [*kept.tokens, token][-KEPT:]
    return _button_id(token)


def _button_id(token: Any) -> Any:
    return f"undo-{token}"


def undo_buttons(after: Any) -> rx.Component:
    """The hidden buttons that toasts and Z click. `after` brings the page up to date."""

    def button(token: Any, n: Any) -> rx.Component:
        is_last = n == Undoing.tokens.length() - 1
        return rx.el.button(
            id=_button_id(token),
            type="button",
            hidden=True,
            tab_index=-1,
            data_shortcut=rx.cond(is_last, "z", ""),
            on_click=[Undoing.undo(token), after] if after is not None else Undoing.undo(token),
            key=token,
        )

    return rx.fragment(rx.foreach(Undoing.tokens, button))

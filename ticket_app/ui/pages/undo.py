"""Undo: a toast undoes its own action, the Z key the last one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from secrets import token_hex
from typing import Final
from uuid import UUID

import reflex as rx
from reflex.event import EventSpec

from ticket_app.core.automation import macro_running
from ticket_app.core.automation.macro_running import AppliedMacro
from ticket_app.core.conversation import held_replies
from ticket_app.core.conversation.held_replies import TakenBackReply
from ticket_app.core.tickets import bulk, saved_views
from ticket_app.core.tickets.undo import UndoStep
from ticket_app.ui import bridge, routes, texts
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.desk.saved_views import texts as view_texts
from ticket_app.ui.widgets.vars import Text

MAX_UNDO_ACTIONS: Final = 10
"""The most actions that can be undone."""


class UndoStack(rx.State):
    """The actions of this tab that can be undone, oldest first."""

    tokens: list[str] = []

    _steps: dict[str, list[UndoStep]] = {}
    _held_ids: dict[str, str] = {}
    """The held replies among them, by token."""
    _macros: dict[str, list[AppliedMacro]] = {}
    """What macros have done, by token."""
    _deleted_views: dict[str, int] = {}
    """The ids of deleted views, by token."""
    _taken_back: TakenBackReply | None = None
    """A reply whose page has yet to show it in its composer."""

    @bridge.event
    async def undo(self, token: str) -> AsyncIterator[bridge.Events]:
        """Restore the tickets of an action, or take back a reply."""
        yield w.dismiss_toast(_button_id(token))
        held_id = self._held_ids.pop(token, "")
        steps, applied = self._steps.pop(token, []), self._macros.pop(token, [])
        self.tokens = [other for other in self.tokens if other != token]
        if held_id:
            self._taken_back = await bridge.write(self, held_replies.take_back, UUID(held_id))
            if not routes.is_desk_ticket(self.router.url.path):
                yield rx.redirect(routes.desk_ticket(self._taken_back.ticket_key))
            return
        if view_id := self._deleted_views.pop(token, 0):
            view = await bridge.write(self, saved_views.restore_view, view_id)
            yield [
                w.toast(view_texts.restored(view.name), seconds=4),
                rx.redirect(routes.desk_view(str(view_id))),
            ]
            return
        if not steps and not applied:
            yield w.toast(texts.UNDO_EXPIRED, tone="amber")
            return
        if applied:
            result = await bridge.write(self, macro_running.undo_applied, applied)
        else:
            result = await bridge.write(self, bulk.undo_steps, steps)
        toasts = [w.toast(why, tone="red") for why in dict.fromkeys(result.errors)]
        if result.ticket_keys:
            done = texts.undo_done(texts.describe_tickets(result.ticket_keys))
            toasts.append(w.toast(done, seconds=4))
        yield toasts


async def remember_for_undo(page: rx.State, steps: Sequence[UndoStep]) -> str:
    """Remember an action and return the id of the button that a toast's Undo clicks."""
    if not steps:
        return ""
    stack = await page.get_state(UndoStack)
    token = token_hex(8)
    stack._steps = {**stack._steps, token: list(steps)}  # noqa: SLF001 - not open to the page
    return _push(stack, token)


def _push(stack: UndoStack, token: str) -> str:
    for old in stack.tokens[: max(0, len(stack.tokens) + 1 - MAX_UNDO_ACTIONS)]:
        stack._steps.pop(old, None)  # noqa: SLF001
        stack._held_ids.pop(old, None)  # noqa: SLF001
        stack._macros.pop(old, None)  # noqa: SLF001
        stack._deleted_views.pop(old, None)  # noqa: SLF001
    stack.tokens = [*stack.tokens, token][-MAX_UNDO_ACTIONS:]
    return _button_id(token)


async def remember_macro(page: rx.State, applied: Sequence[AppliedMacro]) -> str:
    """Remember what a macro has done and return the id of the button that undoes it."""
    stack = await page.get_state(UndoStack)
    token = token_hex(8)
    stack._macros = {**stack._macros, token: list(applied)}  # noqa: SLF001 - not open to the page
    return _push(stack, token)


async def remember_deleted_view(page: rx.State, view_id: int) -> str:
    """Remember a deleted view and return the id of the button that restores it."""
    stack = await page.get_state(UndoStack)
    token = token_hex(8)
    stack._deleted_views = {**stack._deleted_views, token: view_id}  # noqa: SLF001 - not open
    return _push(stack, token)


async def remember_held_reply(page: rx.State, held_id: str) -> str:
    """Remember a held reply and return the id of the button that takes it back."""
    stack = await page.get_state(UndoStack)
    token = token_hex(8)
    stack._held_ids = {**stack._held_ids, token: held_id}  # noqa: SLF001 - not open to the page
    return _push(stack, token)


async def forget_held_reply(page: rx.State, held_id: str) -> EventSpec:
    """Forget a held reply that was handled in another way; return what hides its toast."""
    stack = await page.get_state(UndoStack)
    held_ids = stack._held_ids  # noqa: SLF001 - not open to the page
    token = next((token for token, other in held_ids.items() if other == held_id), "")
    stack.tokens = [other for other in stack.tokens if other != token]
    stack._held_ids = {  # noqa: SLF001
        other: reply for other, reply in held_ids.items() if other != token
    }
    return w.dismiss_toast(_button_id(token))


async def remember_taken_back(page: rx.State, taken: TakenBackReply) -> None:
    """Remember a reply that was taken back until the composer shows it."""
    (await page.get_state(UndoStack))._taken_back = taken  # noqa: SLF001 - not open to the page


async def take_reply_taken_back(page: rx.State) -> TakenBackReply | None:
    """Return the reply that the composer has yet to show, once."""
    stack = await page.get_state(UndoStack)
    taken, stack._taken_back = stack._taken_back, None  # noqa: SLF001 - not open to the page
    return taken


def _button_id(token: Text) -> str:
    return f"undo-{token}"


def undo_buttons(*on_undo: rx.event.EventType) -> rx.Component:
    """Return the hidden buttons that toasts and the Z key click; `on_undo` updates the page."""

    def button(token: rx.Var[str], n: rx.Var[int]) -> rx.Component:
        is_last = n == UndoStack.tokens.length() - 1
        return rx.el.button(
            id=_button_id(token),
            type="button",
            hidden=True,
            tab_index=-1,
            data_shortcut=rx.cond(is_last, "z", ""),
            on_click=[UndoStack.undo(token), *on_undo],
            key=token,
        )

    return rx.fragment(rx.foreach(UndoStack.tokens, button))

"""The macros that the pages of staff offer, and applying them."""

from __future__ import annotations

import reflex as rx
from reflex.event import EventSpec

from ticket_app.core.automation.macro_running import MacroResult
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.desk import texts as desk_texts
from ticket_app.ui.pages.desk.macros import changes, texts
from ticket_app.ui.pages.desk.macros.rows import MacroItem, list_macro_items
from ticket_app.ui.pages.desk.queue.changes import seen_state, selected_rows
from ticket_app.ui.pages.desk.queue.state import Queue, reload_rows
from ticket_app.ui.pages.desk.ticket.state import TicketPage, show_own_change
from ticket_app.ui.pages.undo import remember_macro


class MacroMenu(rx.State):
    """The macros that the person may apply."""

    items: list[MacroItem] = []

    @bridge.event
    async def load(self) -> None:
        """Load the macros, unless the tab has them; opening the menu loads them again."""
        if not self.items:
            self.items = await bridge.read(self, list_macro_items)

    @bridge.event
    async def load_when_opened(self, is_open: bool) -> None:
        """Load the macros again when the menu is opened."""
        if is_open:
            self.items = await bridge.read(self, list_macro_items)

    @bridge.event
    async def apply_to_ticket(self, seen: str, macro_id: int) -> bridge.Events:
        """Apply a macro to the ticket that the page shows as `seen`."""
        page = await self.get_state(TicketPage)
        expected = page._expected(seen)  # noqa: SLF001 - a public method would be open to every page
        result, undo_seconds = await bridge.write(
            self, changes.apply_to_ticket, macro_id, page.ticket.id, expected
        )
        await show_own_change(self, result.applied[0].version)
        return await self._confirm(result, undo_seconds)

    @bridge.event
    async def apply_to_selection(self, ids: list[int], macro_id: int) -> bridge.Events:
        """Apply a macro to the selected tickets; `ids` are those shown as selected."""
        queue = await self.get_state(Queue)
        rows = selected_rows(queue, ids)
        if not rows:
            return w.toast(desk_texts.QUEUE_ERROR_SELECTION_CHANGED, tone="amber")
        seen = {row.id: seen_state(row) for row in rows}
        result, undo_seconds = await bridge.write(self, changes.apply_to_tickets, macro_id, seen)
        await reload_rows(queue)
        return await self._confirm(result, undo_seconds)

    async def _confirm(self, result: MacroResult, undo_seconds: int) -> EventSpec:
        """Return the toast with the undo of the whole set, and what failed."""
        if not result.applied:
            return w.toast(result.errors[0] if result.errors else texts.NOTHING_APPLIED, tone="red")
        is_held = any(one.held_reply_id for one in result.applied)
        errors = result.errors
        return w.toast(
            texts.applied(result.macro_name, [one.ticket_key for one in result.applied]),
            tone="green",
            detail=desk_texts.queue_not_changed(len(errors), errors[0]) if errors else "",
            undo_button_id=await remember_macro(self, result.applied),
            seconds=undo_seconds if is_held else 6,
            has_countdown=is_held,
        )

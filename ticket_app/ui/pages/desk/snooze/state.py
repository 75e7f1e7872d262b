"""The dialog that snoozes a ticket, or the selected ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import reflex as rx

from ticket_app.core.platform import natural_dates, ticket_numbers
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import snoozing, ticket_lookup
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import close_dialog, ensure_dialog_is_current, open_dialog
from ticket_app.ui.pages.desk.queue.state import Queue, reload_rows
from ticket_app.ui.pages.desk.sidebar import Sidebar
from ticket_app.ui.pages.desk.snooze import texts
from ticket_app.ui.pages.desk.ticket.state import TicketPage, reload_ticket
from ticket_app.ui.rows import iso_time
from ticket_app.ui.texts import describe_tickets

SNOOZE_DIALOG: Final = "snooze"


@dataclass(frozen=True)
class SnoozeSuggestion:
    """A moment that is often chosen."""

    label: str
    at: str


def _load_dialog(
    uow: UnitOfWork, ticket_ids: list[int]
) -> tuple[list[str], list[SnoozeSuggestion]]:
    """Return the numbers of the tickets, and the moments to choose from."""
    uow.actor.require("work_tickets", "snooze tickets")
    numbers = [
        ticket_numbers.format_key(ticket_lookup.read_ticket(uow, ticket_id, "summary"))
        for ticket_id in ticket_ids
    ]
    suggestions = [
        SnoozeSuggestion(label, iso_time(at))
        for label, at in natural_dates.suggest_moments(uow.now, uow.time_zone)
    ]
    return numbers, suggestions


def _parse(uow: UnitOfWork, text: str) -> datetime:
    return natural_dates.parse_moment("until", text, now=uow.now, zone=uow.time_zone)


def _snooze_until_text(uow: UnitOfWork, ticket_ids: list[int], text: str) -> None:
    snoozing.snooze_several(uow, ticket_ids, _parse(uow, text))


class SnoozeDialog(rx.State):
    """The tickets to snooze and the moment that the text names."""

    heading: str = ""
    suggestions: list[SnoozeSuggestion] = []
    parsed_at: str = ""
    error: str = ""

    _ticket_ids: list[int] = []
    _subject: str = ""

    @bridge.event
    async def open(self, ticket_id: int) -> None:
        """Open the dialog about a ticket, or about the selected ones if the id is 0."""
        ids = [ticket_id] if ticket_id else [*(await self.get_state(Queue)).selected_ids]
        if not ids:
            return
        numbers, self.suggestions = await bridge.read(self, _load_dialog, ids)
        self._ticket_ids, self._subject = ids, describe_tickets(numbers)
        self.heading = texts.TITLE + self._subject
        self.parsed_at = self.error = ""
        await open_dialog(self, SNOOZE_DIALOG, ids)

    @bridge.event
    async def preview(self, text: str) -> None:
        """Show which moment a text names."""
        self.parsed_at = self.error = ""
        if not text.strip():
            return
        try:
            self.parsed_at = iso_time(await bridge.read(self, _parse, text))
        except Invalid:
            return

    @bridge.event
    async def choose(self, seen: str, at: str) -> bridge.Events:
        """Snooze until a suggested moment."""
        await ensure_dialog_is_current(self, SNOOZE_DIALOG, seen)
        if at not in {one.at for one in self.suggestions}:
            return None
        until = datetime.fromisoformat(at).astimezone(UTC)
        await bridge.write(self, snoozing.snooze_several, self._ticket_ids, until)
        return await self._finish(texts.snoozed(self._subject))

    @bridge.submission
    async def submit(self, seen: str, form: bridge.FormData) -> bridge.Events:
        """Snooze until the moment that was written."""
        await ensure_dialog_is_current(self, SNOOZE_DIALOG, seen)
        text = str(form.get("until", ""))
        if not text.strip():
            self.error = texts.ENTER_A_TIME
            return None
        try:
            await bridge.write(self, _snooze_until_text, self._ticket_ids, text)
        except Invalid as error:
            self.error = error.message
            return None
        return await self._finish(texts.snoozed(self._subject))

    @bridge.event
    async def end(self, ticket_id: int, number: str) -> bridge.Events:
        """End the snooze of the open ticket."""
        await bridge.write(self, snoozing.end_snooze, [ticket_id])
        return await self._finish(texts.snooze_ended(number))

    async def _finish(self, message: str) -> bridge.Events:
        await close_dialog(self)
        queue, page = await self.get_state(Queue), await self.get_state(TicketPage)
        if queue.is_loaded:
            queue.selected_ids = []
            await reload_rows(queue)
        if page.is_loaded and page.ticket.id:
            await reload_ticket(page)
        return [w.toast(message, tone="green"), Sidebar.load]

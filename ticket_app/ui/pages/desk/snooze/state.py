"""The dialog that snoozes a ticket, or the selected ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import reflex as rx

from ticket_app.core.platform import natural_dates
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import snoozing
from ticket_app.ui import bridge, routes
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


def _load_suggestions(uow: UnitOfWork) -> list[SnoozeSuggestion]:
    uow.actor.require("work_tickets", "snooze tickets")
    return [
        SnoozeSuggestion(label, iso_time(at))
        for label, at in natural_dates.suggest_moments(uow.now, uow.time_zone)
    ]


def _parse(uow: UnitOfWork, text: str) -> datetime:
    return natural_dates.parse_moment("until", text, now=uow.now, zone=uow.time_zone)


def _snooze(uow: UnitOfWork, ticket_ids: list[int], until: datetime | str) -> None:
    moment = _parse(uow, until) if isinstance(until, str) else until
    snoozing.snooze_several(uow, ticket_ids, moment)


class SnoozeDialog(rx.State):
    """The tickets to snooze and the moment that the text names."""

    heading: str = ""
    suggestions: list[SnoozeSuggestion] = []
    parsed_at: str = ""
    error: str = ""

    _ticket_ids: list[int] = []
    _subject: str = ""
    _refused_text: str = ""
    """The text that `error` is about: its own preview, which may come later, keeps the error."""

    @bridge.event
    async def open(self, ticket_id: int) -> None:
        """Open the dialog about a ticket, or about the selected ones if the id is 0."""
        numbers = await self._shown_numbers(ticket_id)
        if not numbers:
            return
        self.suggestions = await bridge.read(self, _load_suggestions)
        ids = list(numbers)
        self._ticket_ids, self._subject = ids, describe_tickets(list(numbers.values()))
        self.heading = texts.TITLE + self._subject
        self.parsed_at = self.error = self._refused_text = ""
        await open_dialog(self, SNOOZE_DIALOG, ids)

    async def _shown_numbers(self, ticket_id: int) -> dict[int, str]:
        """Return the number of the open ticket, or of the selected ones if the id is 0, by id."""
        if ticket_id:
            ticket = (await self.get_state(TicketPage)).ticket
            return {ticket.id: ticket.number} if ticket.id == ticket_id else {}
        queue = await self.get_state(Queue)
        return {row.id: row.number for row in queue.rows if row.id in queue.selected_ids}

    @bridge.event
    async def preview(self, text: str) -> None:
        """Show which moment a text names."""
        self.parsed_at = ""
        if text != self._refused_text:
            self.error = ""
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
        return await self._try_to_snooze(datetime.fromisoformat(at).astimezone(UTC))

    @bridge.submission
    async def submit(self, seen: str, form: bridge.FormData) -> bridge.Events:
        """Snooze until the moment that was written."""
        await ensure_dialog_is_current(self, SNOOZE_DIALOG, seen)
        text = str(form.get("until", ""))
        if not text.strip():
            self.error = texts.ENTER_A_TIME
            return None
        return await self._try_to_snooze(text)

    async def _try_to_snooze(self, until: datetime | str) -> bridge.Events:
        try:
            await bridge.write(self, _snooze, self._ticket_ids, until)
        except Invalid as error:
            self.error = f"{texts.THIS_TIME} {error.reason}"
            self._refused_text = until if isinstance(until, str) else ""
            return None
        return await self._finish(texts.snoozed(self._subject))

    @bridge.event
    async def end(self, ticket_id: int, number: str) -> bridge.Events:
        """End the snooze of the open ticket."""
        await bridge.write(self, snoozing.end_snooze, [ticket_id])
        return await self._finish(texts.snooze_ended(number))

    async def _finish(self, message: str) -> bridge.Events:
        await close_dialog(self)
        if routes.is_desk_ticket(self.router.url.path):
            await reload_ticket(self)
        else:
            queue = await self.get_state(Queue)
            queue.selected_ids = []
            await reload_rows(queue)
        return [w.toast(message, tone="green"), Sidebar.load]

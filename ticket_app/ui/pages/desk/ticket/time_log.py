"""The state of the dialog that logs time on a ticket, or changes an entry of its time log."""

from __future__ import annotations

from datetime import date
from typing import Final

import reflex as rx

from ticket_app.core.platform.dates import local_date
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import locking, time_log
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import close_dialog, ensure_dialog_is_current, open_dialog
from ticket_app.ui.durations import format_minutes, parse_minutes
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.ticket.state import TicketPage, show_own_change
from ticket_app.ui.pages.desk.ticket.time_rows import TimeEntryItem

TIME_DIALOG: Final = "log-time"


class TimeLogDialog(rx.State):
    """The entry in the open dialog; a new one has the id 0."""

    heading: str = ""
    entry_id: int = 0
    duration: str = ""
    day: str = ""
    note: str = ""
    author: str = ""
    can_edit: bool = True
    can_delete: bool = False
    error: str = ""

    _ticket_id: int = 0

    @bridge.event
    async def open(self) -> None:
        """Open the dialog for new time."""
        today = await bridge.read(self, _today)
        await self._show(TimeEntryItem(0, "", "", 0, today, 0, "", "", True, False))

    @bridge.event
    async def open_entry(self, entry_id: int) -> None:
        """Open the dialog of an entry of the shown ticket."""
        panel = (await self.get_state(TicketPage)).side_panel
        entry = next((entry for entry in panel.time_log.lines if entry.id == entry_id), None)
        if entry is not None:
            await self._show(entry)

    async def _show(self, entry: TimeEntryItem) -> None:
        ticket = (await self.get_state(TicketPage)).ticket
        self._ticket_id = ticket.id
        title = texts.time_entry_of if entry.id else texts.log_time_on
        self.heading = title(ticket.number)
        self.entry_id, self.duration, self.day = entry.id, entry.duration, entry.day
        self.note, self.author, self.error = entry.note, entry.name, ""
        self.can_edit, self.can_delete = entry.can_edit, entry.can_delete
        await open_dialog(self, TIME_DIALOG, ticket.id, entry)

    @bridge.submission
    async def save(self, seen: str, form: bridge.FormData) -> bridge.Events:
        """Log the time, or change the entry."""
        await ensure_dialog_is_current(self, TIME_DIALOG, seen)
        minutes = parse_minutes(str(form.get("duration", ""))[:40])
        day = _parse_day(str(form.get("day", "")))
        if minutes is None or day is None:
            self.error = texts.TIME_LOG_INVALID if minutes is None else texts.TIME_LOG_INVALID_DAY
            return None
        note = str(form.get("note", ""))
        try:
            version = await bridge.write(
                self, _save_entry, self._ticket_id, self.entry_id, minutes, day, note
            )
        except Invalid as error:
            self.error = texts.ticket_edit_invalid(error.reason)
            return None
        message = (
            texts.TIME_LOG_CHANGED if self.entry_id else texts.time_logged(format_minutes(minutes))
        )
        return await self._finish(version, message)

    @bridge.event
    async def delete(self, seen: str) -> bridge.Events:
        """Delete the entry."""
        await ensure_dialog_is_current(self, TIME_DIALOG, seen)
        version = await bridge.write(self, _delete_entry, self._ticket_id, self.entry_id)
        return await self._finish(version, texts.TIME_LOG_DELETED)

    async def _finish(self, version: int, message: str) -> bridge.Events:
        await close_dialog(self)
        await show_own_change(self, version)
        number = (await self.get_state(TicketPage)).ticket.number
        return w.toast(f"{number}: {message}", tone="green")


def _today(uow: UnitOfWork) -> str:
    return local_date(uow.now, uow.time_zone).isoformat()


def _parse_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _save_entry(
    uow: UnitOfWork, ticket_id: int, entry_id: int, minutes: int, day: date, note: str
) -> int:
    """Log time or change an entry; return the new version of the ticket."""
    ticket = locking.lock_ticket(uow, ticket_id)
    if entry_id:
        time_log.edit_time_entry(uow, ticket, entry_id, minutes, worked_on=day, note=note)
    else:
        time_log.log_time(uow, ticket, minutes, worked_on=day, note=note)
    return ticket.version


def _delete_entry(uow: UnitOfWork, ticket_id: int, entry_id: int) -> int:
    ticket = locking.lock_ticket(uow, ticket_id)
    time_log.delete_time_entry(uow, ticket, entry_id)
    return ticket.version

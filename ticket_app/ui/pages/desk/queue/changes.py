"""Changes from the list: of a ticket by its row's actions, or of all selected tickets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from dataclasses import replace
from typing import Final

import reflex as rx
from reflex.event import EventSpec

from ticket_app.core.platform.errors import DomainError
from ticket_app.core.tickets.bulk import ExpectedState
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.current_user import CurrentUser
from ticket_app.ui.dialogs import close_dialog, ensure_dialog_is_current, open_dialog
from ticket_app.ui.pages.desk import texts, ticket_actions, ticket_changes
from ticket_app.ui.pages.desk.lookup import LookupMenu, lookup_kind_of
from ticket_app.ui.pages.desk.queue.state import Queue, reload_rows
from ticket_app.ui.pages.desk.ticket_changes import (
    AssignTo,
    SetPriority,
    SetStatus,
    TicketChange,
    bulk_fields,
    parse_change,
)
from ticket_app.ui.pages.undo import remember_for_undo
from ticket_app.ui.rows import QueueRow
from ticket_app.ui.texts import describe_tickets

CHANGE_DIALOG: Final = "choose"
"""The dialog that changes a field of one or several tickets."""


class QueueChanges(rx.State):
    """The dialog that changes a field of tickets, and the changes that need no dialog."""

    change_name: str = ""
    change_subject: str = ""

    _targets: dict[int, ExpectedState] = {}

    @bridge.event
    async def open_change_dialog(self, name: str, ticket_id: int) -> bridge.Events:
        """Open the dialog that changes a field of a ticket, or of the selected tickets if the id is
        0.
        """
        queue = await self.get_state(Queue)
        ids = {ticket_id} if ticket_id else set(queue.selected_ids)
        rows = [row for row in queue.rows if row.id in ids]
        field = next((one for one in bulk_fields() if one.name == name), None)
        if not rows or field is None:
            return None
        self._targets = {row.id: seen_state(row) for row in rows}
        self.change_name, self.change_subject = (
            name,
            describe_tickets([row.number for row in rows]),
        )
        await open_dialog(self, CHANGE_DIALOG, name, self._targets)
        return None if field.has_choices else LookupMenu.open_menu(lookup_kind_of(field), True)

    @bridge.event
    async def apply_change(
        self, seen: str, name: str, value: str, label: str
    ) -> AsyncIterator[bridge.Events]:
        """Set a field of the tickets in the dialog to a value that the dialog calls `label`."""
        await ensure_dialog_is_current(self, CHANGE_DIALOG, seen)
        await close_dialog(self)
        if name == self.change_name:
            change = parse_change(name, value, label)
            async for step in self._change_tickets(change, dict(self._targets)):
                yield step

    @bridge.event
    async def assign_to_me(self, ticket_id: int, version: int) -> AsyncIterator[bridge.Events]:
        """Assign a ticket, seen at this version, to the signed-in person."""
        queue = await self.get_state(Queue)
        row = next((row for row in queue.rows if row.id == ticket_id), None)
        seen = ExpectedState(version, (row and row.assignee_id) or None)
        async for step in self._change_tickets(AssignTo("me"), {ticket_id: seen}):
            yield step

    async def _change_tickets(
        self, change: TicketChange, targets: dict[int, ExpectedState]
    ) -> AsyncIterator[bridge.Events]:
        queue = await self.get_state(Queue)
        before = {row.id: row for row in queue.rows}
        me = await self.get_state(CurrentUser)
        shown = [before[i] for i in targets if i in before]
        _replace_rows(queue, {row.id: _preview_change(row, change, me) for row in shown})
        yield
        try:
            result = await bridge.write(self, ticket_actions.change_tickets, change, targets)
        except DomainError:
            _replace_rows(queue, before)
            raise
        unchanged = {row.id: row for row in shown}
        _replace_rows(queue, {**unchanged, **{row.id: row for row in result.rows}})
        for toast in await self._change_toasts(
            result,
            ticket_changes.describe_change(change, result.numbers, _assignee_name(result)),
        ):
            yield toast

    async def _change_toasts(
        self, result: ticket_actions.BulkChange, message: str
    ) -> list[EventSpec]:
        """Return the toasts for a bulk change: its result with Undo, and what failed."""
        if not result.numbers:
            return [w.toast(why, tone="red") for why in dict.fromkeys(result.errors)][:1]
        rest = (
            texts.queue_not_changed(len(result.errors), result.errors[0]) if result.errors else ""
        )
        undo = await remember_for_undo(self, result.steps)
        return [w.toast(message, tone="green", undo_button_id=undo, detail=rest)]

    @bridge.event
    async def delete_selected(self, ids: list[int]) -> bridge.Events:
        """Move the selected tickets to the trash; `ids` are those shown as selected."""
        queue = await self.get_state(Queue)
        rows = selected_rows(queue, ids)
        if not rows:
            return w.toast(texts.QUEUE_ERROR_SELECTION_CHANGED, tone="amber")
        result = await bridge.write(
            self, ticket_actions.delete_tickets, {row.id: seen_state(row) for row in rows}
        )
        queue.selected_ids = []
        await reload_rows(queue)
        return await self._change_toasts(
            result, f"{describe_tickets(result.numbers or ['0'])} deleted"
        )


def _replace_rows(queue: Queue, changed: dict[int, QueueRow]) -> None:
    queue.rows = [changed.get(row.id, row) for row in queue.rows]


def _preview_change(row: QueueRow, change: TicketChange, me: CurrentUser) -> QueueRow:
    """Return the row as it is shown until the server has made the change."""
    match change:
        case SetStatus(status):
            return replace(row, status=str(status))
        case SetPriority(priority):
            return replace(row, priority=str(priority))
        case AssignTo("me"):
            return replace(
                row, assignee=me.name, assignee_initials=me.initials, assignee_color=me.color
            )
    return row


def selected_rows(queue: Queue, ids: Collection[int]) -> list[QueueRow]:
    """Return the selected rows; none if they are not those with `ids`, which the page showed."""
    rows = [row for row in queue.rows if row.id in queue.selected_ids]
    return rows if {row.id for row in rows} == {*ids} else []


def seen_state(row: QueueRow) -> ExpectedState:
    """Return what the person saw of a ticket in the list."""
    return ExpectedState(row.version, row.assignee_id or None)


def _assignee_name(result: ticket_actions.BulkChange) -> str:
    return next((row.assignee for row in result.rows if row.assignee), "")

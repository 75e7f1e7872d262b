"""Who else has the open ticket, or a ticket of the queue, open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import reflex as rx
from reflex_base.utils.format import format_event_handler

from ticket_app.core.conversation import presence
from ticket_app.core.conversation.presence import Activity
from ticket_app.core.people import profiles
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import first_keystroke
from ticket_app.core.tickets.allowed_actions import Action
from ticket_app.ui import bridge, change_feed, live
from ticket_app.ui import widgets as w
from ticket_app.ui.open_tabs import open_tabs
from ticket_app.ui.pages.desk.presence import texts
from ticket_app.ui.pages.desk.presence.rows import (
    PresentRow,
    TicketPeople,
    load_present,
    load_present_in_queue,
    typing_line,
)
from ticket_app.ui.pages.desk.queue.state import Queue
from ticket_app.ui.pages.desk.ticket.state import TicketPage, show_own_change
from ticket_app.ui.pages.undo import remember_for_undo

ACTIVITIES: Final = frozenset(str(activity) for activity in Activity)


@dataclass(frozen=True)
class LoadedPresence:
    """Who is on the ticket, and whether its first keystroke assigns it."""

    people: list[PresentRow]
    assigns: bool


def _load(uow: UnitOfWork, ticket_id: int) -> LoadedPresence:
    assigns = first_keystroke.is_chosen(profiles.get_own_person(uow).preferences)
    return LoadedPresence(load_present(uow, ticket_id), assigns)


class TicketPresence(rx.State):
    """The others on the open ticket. `visit` grows when the page loads: its tab reports again."""

    ticket_id: int = 0
    visit: int = 0
    people: list[PresentRow] = []
    typing: str = ""

    _assigns: bool = False

    @bridge.event
    async def load(self) -> None:
        """Show who is on the ticket that the page has just loaded."""
        page = await self.get_state(TicketPage)
        self.ticket_id = 0 if page.is_missing else page.ticket.id
        self._show([])
        if not self.ticket_id:
            return
        loaded = await bridge.read(self, _load, self.ticket_id)
        self._assigns = loaded.assigns
        self._show(loaded.people)
        live.watch(self, TicketPresence.refresh, {change_feed.presence_topic(self.ticket_id)})
        self.visit += 1

    def _show(self, people: list[PresentRow]) -> None:
        self.people, self.typing = people, typing_line(people)

    @bridge.event
    async def refresh(self) -> None:
        """Show who is on the ticket now."""
        self._show(await bridge.read(self, load_present, self.ticket_id))

    @bridge.event
    async def report_and_assign(self, ticket_id: int, activity: str) -> bridge.Events:
        """Tell the others what is done in this tab; the first key of a reply may assign it."""
        if not ticket_id or ticket_id != self.ticket_id or activity not in ACTIVITIES:
            return None
        tab = open_tabs.id_of(self.router.session.client_token)
        await bridge.write(self, presence.report, tab, ticket_id, Activity(activity))
        if self._assigns and activity == Activity.REPLY:
            self._assigns = False  # once for each visit, so that an undo stays undone
            return await self._assign(ticket_id)
        return None

    async def _assign(self, ticket_id: int) -> bridge.Events:
        page = await self.get_state(TicketPage)
        if page.ticket.assignee_id or Action.ASSIGN not in page.ticket.allowed_actions:
            return None
        first = await bridge.write(self, first_keystroke.assign_on_first_keystroke, ticket_id)
        await show_own_change(self, first.version)
        if first.taken_by:
            return w.toast(texts.taken_by(first.ticket_key, first.taken_by), tone="amber")
        if first.step is None:
            return None
        undo_id = await remember_for_undo(self, [first.step])
        return w.toast(
            texts.assigned_to_you(first.ticket_key), tone="green", undo_button_id=undo_id
        )


REFRESH_EVENT: Final = format_event_handler(TicketPresence.refresh)
"""The event that a tab with a ticket watches with."""


class QueuePresence(rx.State):
    """The others on the tickets of the shown page of the queue, by the id of the ticket."""

    on_tickets: dict[int, TicketPeople] = {}
    ids: list[int] = []
    """The tickets that somebody else has open."""

    @bridge.event
    async def load(self) -> None:
        """Show who has the tickets of the list open, and watch them."""
        queue = await self.get_state(Queue)
        ticket_ids = [row.id for row in queue.rows]
        topics = {change_feed.presence_topic(ticket_id) for ticket_id in ticket_ids}
        live.watch(self, QueuePresence.refresh, topics)
        await self._show(ticket_ids)

    @bridge.event
    async def refresh(self) -> None:
        """Show who has the tickets of the list open now."""
        queue = await self.get_state(Queue)
        await self._show([row.id for row in queue.rows])

    async def _show(self, ticket_ids: list[int]) -> None:
        self.on_tickets = await bridge.read(self, load_present_in_queue, ticket_ids)
        self.ids = list(self.on_tickets)

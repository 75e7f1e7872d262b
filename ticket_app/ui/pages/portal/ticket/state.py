"""The state of the requester's ticket page: reading, reopening and rating, live."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import fields

import reflex as rx

from ticket_app.core.platform.errors import NotFound, VersionConflict
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import locking, rating, status_changes
from ticket_app.core.tickets.transitions import INITIAL_STATUS
from ticket_app.ui import bridge, change_feed, live, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.field_values import choice_labels
from ticket_app.ui.pages.inbox.unread_badge import UnreadBadge, mark_read
from ticket_app.ui.pages.inbox.unread_messages import UnreadMessages
from ticket_app.ui.pages.portal import texts
from ticket_app.ui.pages.portal.my_tickets.state import MyTickets
from ticket_app.ui.pages.portal.similar_tickets import SimilarTicket
from ticket_app.ui.pages.portal.ticket import editing
from ticket_app.ui.pages.portal.ticket.details import Fact
from ticket_app.ui.pages.portal.ticket.history import HistoryRow
from ticket_app.ui.pages.portal.ticket.rows import (
    Message,
    NotOwnTicket,
    RequesterTicket,
    load_ticket,
    mark_unread,
)
from ticket_app.ui.pages.undo import remember_for_undo


def _reopen(uow: UnitOfWork, ticket_id: int) -> None:
    status_changes.reopen(uow, locking.lock_ticket(uow, ticket_id))


class PortalTicket(rx.State):
    """The ticket in the address, if it is the actor's own."""

    stage: str = "loading"
    list_href: str = routes.PORTAL
    id: int = 0
    number: str = ""
    title: str = ""
    status: str = str(INITIAL_STATUS)
    kind: str = ""
    created_at: str = ""
    updated_at: str = ""
    status_text: str = ""
    hint: str = ""
    can_reopen: bool = False
    can_rate: bool = False
    send_label: str = texts.REPLY
    reply_notice: str = ""
    can_edit: bool = False
    choices: dict[str, str] = {}
    rating: int = 0
    tags: list[str] = []
    messages: list[Message] = []
    history: list[HistoryRow] = []
    facts: list[Fact] = []
    rendered_long_texts: list[Fact] = []
    question: str = ""
    approval_result: str = ""
    approval_reason: str = ""
    is_merged: bool = False
    merged_into: str = ""
    merged_into_title: str = ""
    merged_into_href: str = ""
    follow_up: str = ""
    follow_up_title: str = ""
    follow_up_href: str = ""
    follow_up_of: str = ""
    follow_up_of_href: str = ""
    similar: list[SimilarTicket] = []
    can_reply: bool = True
    created_for: str = ""
    shared_by: str = ""
    unread: UnreadMessages = UnreadMessages()
    """The messages that were unread when the ticket was opened, or seen again."""
    _unread_entry_ids: list[int] = []
    _new_ticket_number: str = ""

    def _show_ticket(self, ticket: RequesterTicket) -> None:
        # A reply that has been begun stays in sight when the ticket is merged meanwhile.
        could_reply = self.stage == "here" and self.can_reply
        for field in fields(ticket):
            if field.name != "unread_entry_ids":
                setattr(self, field.name, getattr(ticket, field.name))
        self.messages, self.unread = mark_unread(ticket.messages, self._unread_entry_ids)
        self.can_reply = could_reply or ticket.can_reply
        self.stage = "here"

    @bridge.event
    async def load(self) -> AsyncIterator[bridge.Events]:
        """Load the ticket and subscribe to changes."""
        reference = self.router.url.path.rstrip("/").rpartition("/")[2]
        if reference != self.number:
            new_ticket_number = self._new_ticket_number
            self.reset()
            self._new_ticket_number = new_ticket_number
            yield
        try:
            ticket = await bridge.read(self, load_ticket, reference)
        except NotOwnTicket:
            yield rx.redirect(routes.desk_ticket(reference), replace=True)
            return
        except NotFound:
            self.stage = "missing"
            return
        self._unread_entry_ids = ticket.unread_entry_ids
        self._show_ticket(ticket)
        self.list_href = (await self.get_state(MyTickets)).current_href
        live.watch(self, PortalTicket.refresh, {change_feed.ticket_topic(ticket.id)})
        if self._new_ticket_number == ticket.number:
            self._new_ticket_number = ""
            yield w.toast(
                texts.ticket_submitted(ticket.number),
                tone="green",
                detail=texts.TICKET_SUBMITTED_DETAIL,
            )

    @bridge.event
    async def refresh(self) -> None:
        """Reload the ticket."""
        if self.id:
            try:
                ticket = await bridge.read(self, load_ticket, str(self.id))
            except NotFound:
                self.stage = "missing"
                return
            self._show_ticket(ticket)

    @bridge.event
    async def mark_read(self, was_hidden: bool) -> bridge.Events:
        """Mark the ticket as read; what arrived while the page was hidden is shown as new."""
        ticket_id = self.id
        read_entry_ids = await bridge.write(self, mark_read, ticket_id)
        if was_hidden and ticket_id == self.id:
            self._unread_entry_ids = read_entry_ids
            self.messages, self.unread = mark_unread(self.messages, read_entry_ids)
        return UnreadBadge.refresh

    @bridge.event
    def show_first_unread(self) -> bridge.Events:
        """Go to the first message that was not read; the button that does so goes."""
        anchor, self.unread = self.unread.first_anchor, UnreadMessages()
        self._unread_entry_ids = []
        return w.focus_on(anchor) if anchor else None

    def _ensure_shown(self, ticket_id: int) -> None:
        """Raise a conflict if the event comes from the page of another ticket."""
        if ticket_id != self.id:
            raise VersionConflict(texts.TICKET_OTHER_OPEN)

    @bridge.event
    async def reopen(self, ticket_id: int) -> bridge.Events:
        """Reopen the ticket without a reply."""
        self._ensure_shown(ticket_id)
        await bridge.write(self, _reopen, self.id)
        self._show_ticket(await bridge.read(self, load_ticket, str(self.id)))
        return w.toast(texts.ticket_reopened(self.number), tone="green")

    @bridge.event
    async def change_field(self, ticket_id: int, name: str, value: str) -> bridge.Events:
        """Set a field of the ticket that has a fixed set of values."""
        self._ensure_shown(ticket_id)
        field = editing.choice_fields().get(name)
        if field is None or value not in choice_labels(field):
            return None
        step = await bridge.write(self, editing.change_ticket, self.id, {name: value})
        self._show_ticket(await bridge.read(self, load_ticket, str(self.id)))
        if step is None:
            return None
        undo_id = await remember_for_undo(self, [step])
        message = texts.ticket_field_set(self.number, field.label, choice_labels(field)[value])
        return w.toast(message, tone="green", undo_button_id=undo_id)

    @bridge.event
    async def rate(self, ticket_id: int, stars: int) -> bridge.Events:
        self._ensure_shown(ticket_id)

        def rate_ticket(uow: UnitOfWork, ticket_id: int) -> None:
            rating.rate(uow, locking.lock_ticket(uow, ticket_id), stars)

        await bridge.write(self, rate_ticket, self.id)
        self.rating = stars
        return w.toast(texts.ticket_rated(self.number, stars))


def remember_new_ticket(page: PortalTicket, number: str) -> None:
    """Show a confirmation when the page of this new ticket opens."""
    page._new_ticket_number = number  # noqa: SLF001 - a public method would be open to every page

"""The state of the requester's ticket page: reading, replying, reopening and rating, live."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import fields
from typing import Final
from uuid import UUID

import reflex as rx

from ticket_app.core.attachments import attachments, stored_files
from ticket_app.core.conversation import commenting
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.errors import DomainError, NotFound, Unauthenticated, VersionConflict
from ticket_app.core.platform.logs import log
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import locking, rating, status_changes, ticket_lookup
from ticket_app.core.tickets.transitions import INITIAL_STATUS
from ticket_app.core.timeline import drafts
from ticket_app.ui import bridge, change_feed, live, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.double_click import LastSubmission
from ticket_app.ui.file_rows import file_rows
from ticket_app.ui.pages.portal import texts
from ticket_app.ui.pages.portal.my_tickets.state import MyTickets
from ticket_app.ui.pages.portal.ticket.details import Fact
from ticket_app.ui.pages.portal.ticket.history import HistoryRow
from ticket_app.ui.pages.portal.ticket.rows import (
    Message,
    NotOwnTicket,
    RequesterTicket,
    load_ticket,
)
from ticket_app.ui.rows import FileRow, iso_time

REPLY_FIELD_ID: Final = "answer"
COMPOSER_FIELDS: Final = frozenset({"draft", "draft_saved_at", "draft_files", "can_reply"})
"""Fields that a live update leaves unchanged."""


def post_reply(uow: UnitOfWork, ticket_id: int, text: str) -> commenting.AddedComment:
    """Reply to the actor's own ticket with the draft's files; return where the reply was added."""
    place = drafts.reply_place(ticket_id)
    posted = commenting.post_comment(uow, locking.lock_ticket(uow, ticket_id), text)
    attachments.attach_draft_files(uow, posted.ticket, place, entry_id=posted.entry_id)
    drafts.discard_draft(uow, place)
    return posted


def _send_reply(uow: UnitOfWork, ticket_id: int, text: str) -> str:
    """Reply; return the number of the follow-up ticket that a late reply opened, or ""."""
    posted = post_reply(uow, ticket_id, text)
    return ticket_numbers.format_key(posted.ticket) if posted.is_follow_up else ""


def _reopen(uow: UnitOfWork, ticket_id: int) -> None:
    status_changes.reopen(uow, locking.lock_ticket(uow, ticket_id))


def _save_draft(uow: UnitOfWork, ticket_id: int, text: str) -> str:
    ticket_lookup.read_ticket(uow, ticket_id, "summary")
    place = drafts.reply_place(ticket_id)
    if not text.strip() and not stored_files.list_draft_files(uow, place):
        drafts.discard_draft(uow, place)
        return ""
    return iso_time(drafts.save_draft(uow, place, {"text": text}).updated_at)


class PortalTicket(rx.State):
    """The ticket in the address, if it is the actor's own."""

    stage: str = "loading"
    list_href: str = routes.PORTAL
    id: int = 0
    number: str = ""
    title: str = ""
    status: str = str(INITIAL_STATUS)
    kind: str = ""
    priority: str = ""
    created_at: str = ""
    updated_at: str = ""
    status_text: str = ""
    hint: str = ""
    can_reopen: bool = False
    can_rate: bool = False
    send_label: str = texts.REPLY
    reply_notice: str = ""
    rating: int = 0
    tags: list[str] = []
    messages: list[Message] = []
    history: list[HistoryRow] = []
    facts: list[Fact] = []
    long_texts: list[Fact] = []
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
    can_reply: bool = True
    draft: str = ""
    draft_saved_at: str = ""
    draft_length: int = 0
    draft_files: list[FileRow] = []
    place: str = ""
    send_error: str = ""
    _new_ticket_number: str = ""
    _last_submission: LastSubmission = LastSubmission()

    def _show_ticket(self, ticket: RequesterTicket, *, with_draft: bool) -> None:
        for field in fields(ticket):
            if with_draft or field.name not in COMPOSER_FIELDS:
                setattr(self, field.name, getattr(ticket, field.name))
        self.can_reply = self.can_reply or not ticket.is_merged
        self.stage = "here"

    @bridge.event
    async def load(self) -> AsyncIterator[bridge.Events]:
        """Load the ticket and the draft reply, and subscribe to changes."""
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
        self._show_ticket(ticket, with_draft=True)
        self.list_href = (await self.get_state(MyTickets)).current_href
        self.place = drafts.reply_place(ticket.id)
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
        """Reload the ticket; the text being written stays unchanged."""
        if self.id:
            try:
                ticket = await bridge.read(self, load_ticket, str(self.id))
            except NotFound:
                self.stage = "missing"
                return
            self._show_ticket(ticket, with_draft=False)

    @bridge.event
    async def autosave(self, ticket_id: int, text: str) -> None:
        """Save the draft reply unless it was just sent.

        `ticket_id` comes from the page, because another ticket may have been opened since
        the last key.
        """
        if self._last_submission.is_double_click(str(ticket_id), text):
            return
        saved_at = await bridge.write(self, _save_draft, ticket_id, text)
        if ticket_id == self.id:
            self.draft_saved_at, self.draft_length = saved_at, len(text)

    @bridge.event
    async def reload_draft_files(self) -> None:
        """Reload the draft's files after an upload."""
        self.draft_files = file_rows(
            await bridge.read(self, stored_files.list_draft_files, self.place)
        )

    @bridge.event
    async def remove_file(self, file_id: str) -> None:
        """Remove a file from the reply."""
        await bridge.write(self, attachments.remove_file, UUID(file_id))
        self.draft_files = [file for file in self.draft_files if file.id != file_id]

    @bridge.submission
    async def send(self, ticket_id: int, data: bridge.FormData) -> bridge.Events:
        """Send the reply; on an error the text stays in the field."""
        self._ensure_shown(ticket_id)
        text = str(data.get("body", ""))
        if self._last_submission.is_double_click(str(self.id), text):
            return None
        self.send_error = ""
        if not text.strip():
            self.send_error = texts.TICKET_REPLY_EMPTY
            return w.focus_on(REPLY_FIELD_ID)
        try:
            follow_up_number = await bridge.write(self, _send_reply, self.id, text)
        except Unauthenticated:
            raise
        except DomainError as refused:
            self.send_error = refused.message
            return None
        except Exception as error:  # noqa: BLE001 - whatever it was, the person must be told
            log().error("answering_failed", error=repr(error))
            self.send_error = texts.SERVER_ERROR
            return None
        self._last_submission = LastSubmission.now(str(self.id), text)
        self.draft_saved_at, self.draft_files = "", []
        if follow_up_number:
            self._new_ticket_number = follow_up_number
            return [
                w.clear_text(REPLY_FIELD_ID),
                rx.redirect(routes.portal_ticket(follow_up_number)),
            ]
        self._show_ticket(await bridge.read(self, load_ticket, str(self.id)), with_draft=False)
        return w.clear_text(REPLY_FIELD_ID)

    def _ensure_shown(self, ticket_id: int) -> None:
        """Raise a conflict if the event comes from the page of another ticket."""
        if ticket_id != self.id:
            raise VersionConflict(texts.TICKET_OTHER_OPEN)

    @bridge.event
    async def reopen(self, ticket_id: int) -> bridge.Events:
        """Reopen the ticket without a reply."""
        self._ensure_shown(ticket_id)
        await bridge.write(self, _reopen, self.id)
        self._show_ticket(await bridge.read(self, load_ticket, str(self.id)), with_draft=False)
        return w.toast(texts.ticket_reopened(self.number), tone="green")

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

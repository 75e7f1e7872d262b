"""A requester's ticket, live: reading it, answering, reopening, rating."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import fields
from typing import Any, Final
from uuid import UUID

import reflex as rx

from ticket_app.core.attachments import attachments
from ticket_app.core.conversation import commenting
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.errors import DeskError, NotFound, Stale, Unauthenticated
from ticket_app.core.platform.logs import log
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.tickets import ticket_list, tickets
from ticket_app.core.timeline import drafts
from ticket_app.ui import bridge, live, routes, tail
from ticket_app.ui import widgets as w
from ticket_app.ui.double_click import Sent
from ticket_app.ui.pages.portal.files import file_rows
from ticket_app.ui.pages.portal.mine.state import MyTickets
from ticket_app.ui.pages.portal.ticket.reading import (
    Fact,
    Message,
    Seen,
    SomebodyElses,
    Step,
    read_ticket,
)
from ticket_app.ui.rows import FileRow, moment

TEXT_ID: Final = "answer"
WRITTEN: Final = frozenset({"draft", "draft_at", "draft_files", "answers_here"})
"""What a refresh never touches."""


def answer(desk: Desk, ticket_id: int, words: str) -> commenting.Posted:
    """Say something on one's ticket with the files of the draft; returns where it was added."""
    place = drafts.reply_to(ticket_id)
    posted = commenting.post(desk, tickets.hold(desk, ticket_id), words)
    attachments.adopt(desk, posted.ticket, place, entry_id=posted.entry_id)
    drafts.discard(desk, place)
    return posted


def _answer(desk: Desk, ticket_id: int, words: str) -> str:
    """Do what `answer` does; returns the number of the new ticket a late reply opened, or ""."""
    posted = answer(desk, ticket_id, words)
    return ticket_numbers.key(posted.ticket) if posted.is_follow_up else ""


def _reopen(desk: Desk, ticket_id: int) -> None:
    tickets.reopen(desk, tickets.hold(desk, ticket_id))


def _keep(desk: Desk, ticket_id: int, words: str) -> str:
    ticket_list.read(desk, ticket_id, "line")
    place = drafts.reply_to(ticket_id)
    if not words.strip() and not attachments.of_draft(desk, place):
        drafts.discard(desk, place)
        return ""
    return moment(drafts.keep(desk, place, {"text": words}).updated_at)


class PortalTicket(rx.State):
    """The ticket of the address, as long as it is the visitor's own."""

    stage: str = "loading"
    back: str = routes.PORTAL
    id: int = 0
    number: str = ""
    title: str = ""
    status: str = "new"
    kind: str = ""
    priority: str = ""
    created_at: str = ""
    updated_at: str = ""
    standing: str = ""
    hint: str = ""
    can_reopen: bool = False
    can_rate: bool = False
    send_label: str = "Reply"
    reply_notice: str = ""
    stars: int = 0
    tags: list[str] = []
    messages: list[Message] = []
    steps: list[Step] = []
    facts: list[Fact] = []
    told: list[Fact] = []
    question: str = ""
    verdict: str = ""
    verdict_text: str = ""
    is_merged: bool = False
    goes_on_in: str = ""
    goes_on_title: str = ""
    goes_on_href: str = ""
    follow_up: str = ""
    follow_up_title: str = ""
    follow_up_href: str = ""
    follow_up_of: str = ""
    follow_up_of_href: str = ""
    answers_here: bool = True
    draft: str = ""
    draft_at: str = ""
    draft_length: int = 0
    draft_files: list[FileRow] = []
    place: str = ""
    failed: str = ""
    _just_filed: str = ""
    _sent: Sent = Sent()

    def _show(self, seen: Seen, *, with_draft: bool) -> None:
        for field in fields(seen):
            if with_draft or field.name not in WRITTEN:
                setattr(self, field.name, getattr(seen, field.name))
        self.answers_here = self.answers_here or not seen.is_merged
        self.stage = "here"

    @bridge.event
    async def load(self) -> AsyncIterator[Any]:
        """Show the ticket of the address and what was begun to be answered; then stay true."""
        reference = self.router.url.path.rstrip("/").rpartition("/")[2]
        if reference != self.number:
            filed = self._just_filed
            self.reset()
            self._just_filed = filed
            yield
        try:
            seen = await bridge.read(self, read_ticket, reference)
        except SomebodyElses:
            yield rx.redirect(routes.desk_ticket(reference), replace=True)
            return
        except NotFound:
            self.stage = "missing"
            return
        self._show(seen, with_draft=True)
        self.back = (await self.get_state(MyTickets)).here
        self.place = drafts.reply_to(seen.id)
        live.watch(self, PortalTicket.refresh, {tail.ticket_topic(seen.id)})
        if self._just_filed == seen.number:
            self._just_filed = ""
            yield w.toast(f"{seen.number} filed", tone="green", detail="We answer here.")

    @bridge.event
    async def refresh(self) -> None:
        """The ticket as it is now; what is being written stays as it is."""
        if self.id:
            try:
                seen = await bridge.read(self, read_ticket, str(self.id))
            except NotFound:
                self.stage = "missing"
                return
            self._show(seen, with_draft=False)

    @bridge.event
    async def keep(self, ticket_id: int, words: str) -> None:
        """Keep what has been written on a ticket, unless it was sent just now.

        The page names the ticket: it may have been left since the last key.
        """
        if self._sent.is_repeated_by(str(ticket_id), words):
            return
        kept_at = await bridge.write(self, _keep, ticket_id, words)
        if ticket_id == self.id:
            self.draft_at, self.draft_length = kept_at, len(words)

    @bridge.event
    async def load_files(self) -> None:
        """The files with the answer, after one was sent."""
        self.draft_files = file_rows(await bridge.read(self, attachments.of_draft, self.place))

    @bridge.event
    async def remove_file(self, file_id: str) -> None:
        """Take a file away from the answer."""
        await bridge.write(self, attachments.remove, UUID(file_id))
        self.draft_files = [file for file in self.draft_files if file.id != file_id]

    @bridge.submission
    async def send(self, ticket_id: int, told: dict[str, Any]) -> Any:
        """Answer; whatever goes wrong, the words stay in the field."""
        self._ensure_shown(ticket_id)
        words = str(told.get("body", ""))
        if self._sent.is_repeated_by(str(self.id), words):
            return None
        self.failed = ""
        if not words.strip():
            self.failed = "Write a reply first."
            return w.focus_on(TEXT_ID)
        try:
            opened = await bridge.write(self, _answer, self.id, words)
        except Unauthenticated:
            raise
        except DeskError as refused:
            self.failed = refused.message
            return None
        except Exception as broken:  # noqa: BLE001 - whatever it was, the person must be told
            log().error("answering_failed", error=repr(broken))
            self.failed = "Something went wrong on our side."
            return None
        self._sent = Sent.now(str(self.id), words)
        self.draft_at, self.draft_files = "", []
        if opened:
            self._just_filed = opened
            return [w.clear_text(TEXT_ID), rx.redirect(routes.portal_ticket(opened))]
        self._show(await bridge.read(self, read_ticket, str(self.id)), with_draft=False)
        return w.clear_text(TEXT_ID)

    def _ensure_shown(self, ticket_id: int) -> None:
        """Refuse what was clicked on the page of another ticket."""
        if ticket_id != self.id:
            raise Stale("Another ticket is open here now. Nothing was changed.")

    @bridge.event
    async def reopen(self, ticket_id: int) -> Any:
        """Take it up again without words."""
        self._ensure_shown(ticket_id)
        await bridge.write(self, _reopen, self.id)
        self._show(await bridge.read(self, read_ticket, str(self.id)), with_draft=False)
        return w.toast(f"{self.number} reopened", tone="green")

    @bridge.event
    async def rate(self, ticket_id: int, stars: int) -> Any:
        """Say how well it was answered."""
        self._ensure_shown(ticket_id)

        def use(desk: Desk, ticket_id: int) -> None:
            tickets.rate(desk, tickets.hold(desk, ticket_id), stars)

        await bridge.write(self, use, self.id)
        self.stars = stars
        return w.toast(f"{self.number} rated {stars} of 5")


def announce_filed(page: PortalTicket, number: str) -> None:
    """Greet the ticket of this number when its page opens."""
    page._just_filed = number  # noqa: SLF001 - a public method would be open to every page

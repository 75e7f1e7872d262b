"""One's own notices, a page of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from ticket_app.core.notifications import notifications
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.ui import bridge, live, routes, tail
from ticket_app.ui.pages.inbox.bell import Bell
from ticket_app.ui.rows import moment

PAGE = 50
MOST_SHOWN = 99


@dataclass(frozen=True)
class NoticeRow:
    """One notice, on one line."""

    id: int
    kind: str
    says: str
    number: str
    title: str
    href: str
    at: str
    unread: bool


@dataclass(frozen=True)
class Told:
    """A page of notices, and whose they are."""

    me: int
    rows: list[NoticeRow]
    has_more: bool


def _row(desk: Desk, row: Any) -> NoticeRow:
    number = ticket_numbers.key(row) if row.key_prefix else ""
    href = ""
    if number:
        to = routes.desk_ticket if desk.actor.is_staff else routes.portal_ticket
        href = to(number) + (f"#entry-{row.entry_id}" if row.entry_id else "")
    return NoticeRow(
        id=row.id,
        kind=row.kind,
        says=row.says,
        number=number,
        title=row.title or "",
        href=href,
        at=moment(row.created_at),
        unread=row.read_at is None,
    )


def told(desk: Desk, before: int | None = None, most: int = PAGE) -> Told:
    """Up to `most` of one's own notices, the newest first, from `before` on."""
    found = notifications.mine(desk, most=most + 1, before=before)
    rows = [_row(desk, row) for row in found[:most]]
    return Told(desk.actor.id, rows, len(found) > most)


class Inbox(rx.State):
    """What the person at this tab was told."""

    rows: list[NoticeRow] = []
    has_more: bool = False
    any_unread: bool = False
    ready: bool = False

    @bridge.event
    async def load(self) -> None:
        """Show the newest, and be woken by the next."""
        me = await self._fill()
        live.watch(self, Inbox.refresh, {tail.person_topic(me)})

    async def _fill(self) -> int:
        # As many as are shown: whoever comes back to the list finds their place in it.
        most = min(max(PAGE, len(self.rows)), MOST_SHOWN)
        found = await bridge.read(self, told, None, most)
        self._put(found.rows, has_more=found.has_more)
        self.ready = True
        return found.me

    def _put(self, rows: list[NoticeRow], *, has_more: bool) -> None:
        self.rows, self.has_more = rows, has_more
        self.any_unread = any(row.unread for row in rows)

    @bridge.event
    async def refresh(self) -> None:
        """Show the newest again."""
        await self._fill()

    @bridge.event
    async def show_more(self) -> None:
        """Add the next page."""
        last = self.rows[-1].id if self.rows else None
        found = await bridge.read(self, told, last)
        self._put([*self.rows, *found.rows], has_more=found.has_more)

    @bridge.event
    async def read_one(self, notice_id: int) -> Any:
        """One has been read without opening what it is about."""
        await bridge.write(self, notifications.read, notice_id)
        await self._fill()
        return Bell.refresh

    @bridge.event
    async def read_all(self) -> Any:
        """All have been read."""
        await bridge.write(self, notifications.read_all)
        await self._fill()
        return Bell.refresh

"""The state of the inbox."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from ticket_app.core.notifications import notifications
from ticket_app.core.notifications import rows as notification_rows
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.ui import bridge, change_feed, live, routes
from ticket_app.ui.pages.inbox.unread_badge import UnreadBadge
from ticket_app.ui.rows import iso_time

PAGE_SIZE = 50
MAX_SHOWN = 99


@dataclass(frozen=True)
class NotificationRow:
    """A notification in the list."""

    id: int
    kind: str
    text: str
    number: str
    title: str
    href: str
    at: str
    is_unread: bool


@dataclass(frozen=True)
class NotificationPage:
    """A page of notifications and the id of their recipient."""

    person_id: int
    rows: list[NotificationRow]
    has_more: bool


def _notification_row(uow: UnitOfWork, row: notification_rows.NotificationRow) -> NotificationRow:
    number = ticket_numbers.format_key(row) if row.key_prefix else ""
    href = ""
    if number:
        to = routes.desk_ticket if uow.actor.is_staff else routes.portal_ticket
        href = to(number) + (f"#entry-{row.entry_id}" if row.entry_id else "")
    return NotificationRow(
        id=row.id,
        kind=row.kind,
        text=row.message,
        number=number,
        title=row.title or "",
        href=href,
        at=iso_time(row.created_at),
        is_unread=row.read_at is None,
    )


def load_notifications(
    uow: UnitOfWork, before: int | None = None, limit: int = PAGE_SIZE
) -> NotificationPage:
    """Return up to `limit` of the actor's notifications, newest first, older than `before`."""
    found = notifications.list_own(uow, limit=limit + 1, before_id=before)
    rows = [_notification_row(uow, row) for row in found[:limit]]
    return NotificationPage(uow.actor.id, rows, len(found) > limit)


class Inbox(rx.State):
    """The notifications of the signed-in person."""

    rows: list[NotificationRow] = []
    has_more: bool = False
    has_unread: bool = False
    is_loaded: bool = False

    @bridge.event
    async def load(self) -> None:
        """Load the newest notifications and reload when another one arrives."""
        me = await self._load_rows()
        live.watch(self, Inbox.refresh, {change_feed.person_topic(me)})

    async def _load_rows(self) -> int:
        # Load as many as before, so that returning keeps the scroll position.
        limit = min(max(PAGE_SIZE, len(self.rows)), MAX_SHOWN)
        found = await bridge.read(self, load_notifications, None, limit)
        self._show_rows(found.rows, has_more=found.has_more)
        self.is_loaded = True
        return found.person_id

    def _show_rows(self, rows: list[NotificationRow], *, has_more: bool) -> None:
        self.rows, self.has_more = rows, has_more
        self.has_unread = any(row.is_unread for row in rows)

    @bridge.event
    async def refresh(self) -> None:
        """Reload the notifications shown."""
        await self._load_rows()

    @bridge.event
    async def show_more(self) -> None:
        """Add the next page."""
        last = self.rows[-1].id if self.rows else None
        found = await bridge.read(self, load_notifications, last)
        self._show_rows([*self.rows, *found.rows], has_more=found.has_more)

    @bridge.event
    async def mark_read(self, notification_id: int) -> bridge.Events:
        """Mark one notification as read without opening it."""
        await bridge.write(self, notifications.mark_read, notification_id)
        await self._load_rows()
        return UnreadBadge.refresh

    @bridge.event
    async def mark_all_read(self) -> bridge.Events:
        await bridge.write(self, notifications.mark_all_read)
        await self._load_rows()
        return UnreadBadge.refresh

"""The state of the inbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import reflex as rx

from ticket_app.core.notifications import notifications
from ticket_app.core.notifications import rows as notification_rows
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.ui import bridge, change_feed, live, routes
from ticket_app.ui.pages.inbox import texts
from ticket_app.ui.pages.inbox.unread_badge import UnreadBadge
from ticket_app.ui.rows import iso_time

PAGE_SIZE = 50
MAX_SHOWN = 99


@dataclass(frozen=True)
class OlderNotification:
    """An older notification about the same ticket as a row of the list."""

    id: int
    kind: str
    text: str
    at: str


@dataclass(frozen=True)
class NotificationRow:
    """The newest notification about a ticket in the list, with the older ones."""

    id: int
    kind: str
    text: str
    number: str
    title: str
    href: str
    at: str
    is_unread: bool
    older: list[OlderNotification] = field(default_factory=list)
    older_label: str = ""


@dataclass(frozen=True)
class NotificationPage:
    """A page of notifications and the id of their recipient."""

    person_id: int
    rows: list[NotificationRow]
    has_more: bool
    last_id: int
    """The oldest notification of the page, after which the next page begins."""


def _notification_row(
    uow: UnitOfWork, same_ticket: Sequence[notification_rows.NotificationRow]
) -> NotificationRow:
    """Return the row of notifications about one ticket, newest first.

    It leads to the oldest of them that was not read.
    """
    newest, *older = same_ticket
    number = ticket_numbers.format_key(newest) if newest.key_prefix else ""
    href = ""
    if number:
        to = routes.desk_ticket if uow.actor.is_staff else routes.portal_ticket
        entry_ids = [row.entry_id for row in same_ticket if row.entry_id]
        href = to(number) + (f"#entry-{entry_ids[-1]}" if entry_ids else "")
    return NotificationRow(
        id=newest.id,
        kind=newest.kind,
        text=newest.message,
        number=number,
        title=newest.title or "",
        href=href,
        at=iso_time(newest.created_at),
        is_unread=newest.read_at is None,
        older=[
            OlderNotification(row.id, row.kind, row.message, iso_time(row.created_at))
            for row in older
        ],
        older_label=texts.more_notifications(len(older)) if older else "",
    )


def group_by_ticket(
    rows: Sequence[notification_rows.NotificationRow],
) -> list[list[notification_rows.NotificationRow]]:
    """Group notifications about the same ticket, the unread ones apart from those already read."""
    groups: dict[tuple[int, bool], list[notification_rows.NotificationRow]] = {}
    for row in rows:
        key = (row.ticket_id or -row.id, row.read_at is None)
        groups.setdefault(key, []).append(row)
    return list(groups.values())


def load_notifications(
    uow: UnitOfWork, before: int | None = None, limit: int = PAGE_SIZE
) -> NotificationPage:
    """Return up to `limit` of the actor's notifications, newest first, older than `before`.

    Those about one ticket are one row.
    """
    found = notifications.list_own(uow, limit=limit + 1, before_id=before)
    shown = found[:limit]
    rows = [_notification_row(uow, group) for group in group_by_ticket(shown)]
    last_id = shown[-1].id if shown else 0
    return NotificationPage(uow.actor.id, rows, len(found) > limit, last_id)


class Inbox(rx.State):
    """The notifications of the signed-in person."""

    rows: list[NotificationRow] = []
    has_more: bool = False
    has_unread: bool = False
    is_loaded: bool = False
    _last_id: int = 0

    @bridge.event
    async def load(self) -> None:
        """Load the newest notifications and reload when another one arrives."""
        me = await self._load_rows()
        live.watch(self, Inbox.refresh, {change_feed.person_topic(me)})

    async def _load_rows(self) -> int:
        # Load as many as before, so that returning keeps the scroll position.
        count = sum(1 + len(row.older) for row in self.rows)
        found = await bridge.read(
            self, load_notifications, None, min(max(PAGE_SIZE, count), MAX_SHOWN)
        )
        self._show_rows(found.rows, found)
        self.is_loaded = True
        return found.person_id

    def _show_rows(self, rows: list[NotificationRow], page: NotificationPage) -> None:
        self.rows, self.has_more, self._last_id = rows, page.has_more, page.last_id
        self.has_unread = any(row.is_unread for row in rows)

    @bridge.event
    async def refresh(self) -> None:
        """Reload the notifications shown."""
        await self._load_rows()

    @bridge.event
    async def show_more(self) -> None:
        """Add the next page."""
        found = await bridge.read(self, load_notifications, self._last_id or None)
        self._show_rows([*self.rows, *found.rows], found)

    @bridge.event
    async def mark_read(self, notification_id: int) -> bridge.Events:
        """Mark a row as read without opening it, with the older notifications that it has."""
        row = next((row for row in self.rows if row.id == notification_id), None)
        if row is not None:
            ids = [row.id, *(older.id for older in row.older)]
            await bridge.write(self, notifications.mark_read_by_ids, ids)
        await self._load_rows()
        return UnreadBadge.refresh

    @bridge.event
    async def mark_all_read(self) -> bridge.Events:
        await bridge.write(self, notifications.mark_all_read)
        await self._load_rows()
        return UnreadBadge.refresh

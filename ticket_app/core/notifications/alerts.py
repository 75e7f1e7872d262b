"""New notifications that a browser shows: number and title of the ticket, never more of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import quote

from ticket_app.core.notifications import notifications
from ticket_app.core.notifications.kinds import Channel, NotificationKind
from ticket_app.core.notifications.preferences import get_own_preferences
from ticket_app.core.notifications.rows import NotificationRow
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.ticket_numbers import HasTicketNumbers
from ticket_app.core.platform.unit_of_work import UnitOfWork

MAX_ALERTS = 5
"""How many a browser shows at once; more of them are in the inbox."""


@dataclass(frozen=True)
class BrowserAlert:
    """What a browser shows about a notification; one with the same `tag` replaces it."""

    id: int
    title: str
    body: str
    url: str
    tag: str


@dataclass(frozen=True, slots=True)
class NewAlerts:
    """The alerts since a notification, oldest first, and the newest notification."""

    last_id: int
    alerts: Sequence[BrowserAlert]


def list_alerts_after(uow: UnitOfWork, after_id: int | None) -> NewAlerts:
    """Return the actor's unread notifications after one, for the kinds that their browser shows.

    There are none in the quiet hours. Without `after_id` only the newest notification is found.
    """
    limit = 1 if after_id is None else MAX_ALERTS
    rows = notifications.list_own(uow, limit=limit, after_id=after_id)
    last_id = max((row.id for row in rows), default=after_id or 0)
    unread = [row for row in rows if row.read_at is None]
    if after_id is None or not unread:
        return NewAlerts(last_id, ())
    preferences = get_own_preferences(uow)
    if preferences.is_quiet(uow.now):
        return NewAlerts(last_id, ())
    shown = [
        build_alert(row, is_staff=uow.actor.is_staff)
        for row in reversed(unread)
        if preferences.is_on(NotificationKind(row.kind), Channel.BROWSER)
    ]
    return NewAlerts(last_id, shown)


def build_alert(row: NotificationRow, *, is_staff: bool) -> BrowserAlert:
    """Return what a browser shows about a notification."""
    key = ticket_numbers.format_key(cast("HasTicketNumbers", row)) if row.key_prefix else ""
    area = "desk" if is_staff else "portal"
    path = f"/{area}/tickets/{quote(key, safe='')}" if key else f"/{area}/inbox"
    anchor = f"#entry-{row.entry_id}" if key and row.entry_id else ""
    return BrowserAlert(
        id=row.id,
        title=f"{key} {row.title}" if key else row.message,
        body=row.message if key else "",
        url=path + anchor,
        tag=f"ticket-{row.ticket_id}" if key else f"notification-{row.id}",
    )

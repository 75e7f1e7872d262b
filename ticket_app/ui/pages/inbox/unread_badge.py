"""The number of unread notifications in the navigation of the workspace and the portal."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import reflex as rx

from ticket_app.core.notifications import notifications
from ticket_app.core.notifications.alerts import NewAlerts, list_alerts_after
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.ui import bridge, change_feed, live, routes
from ticket_app.ui.components.browser_notifications import Alert

MAX_SHOWN = 99
UNKNOWN = -1


@dataclass(frozen=True)
class UnreadCounts:
    """How many notifications of a person are unread, in all and about the ticket that is open."""

    person_id: int
    total: int
    about_ticket: int
    new: NewAlerts


def load_unread_counts(uow: UnitOfWork, reference: str, last_id: int | None) -> UnreadCounts:
    """Count the actor's unread notifications; `reference` is the open ticket's, or empty.

    `last_id` is the newest notification that the tab knows; None before it has asked.
    """
    about_ticket = notifications.list_unread_ids_of_ticket(uow, reference) if reference else []
    return UnreadCounts(
        uow.actor.id,
        notifications.count_unread(uow),
        len(about_ticket),
        list_alerts_after(uow, last_id),
    )


def mark_read(uow: UnitOfWork, ticket_id: int) -> list[int]:
    """Mark the notifications about a ticket as read; return the entries that were unread."""
    entry_ids = list(notifications.list_unread_entry_ids(uow, ticket_id))
    notifications.mark_ticket_read(uow, ticket_id)
    return entry_ids


class UnreadBadge(rx.State):
    """The number of unread notifications, and the alerts that this browser shows about new ones.

    The number is in the navigation, in the window title and on the app's icon.

    `unread` is empty if there are none; `count` is `UNKNOWN` before they were counted;
    `about_ticket` is how many of them are about the ticket that is open.
    """

    unread: str = ""
    count: int = UNKNOWN
    about_ticket: int = 0
    alerts: list[Alert] = []
    """The newest notifications that the browser is to show."""
    _last_alert_id: int | None = None

    @bridge.event
    async def load(self) -> None:
        """Count, and count again when a notification arrives or is read elsewhere."""
        live.watch(self, UnreadBadge.refresh, {change_feed.person_topic(await self._count())})

    @bridge.event
    async def refresh(self) -> None:
        """Count again after a notification arrived or was read."""
        await self._count()

    async def _count(self) -> int:
        reference = routes.ticket_reference(self.router.url.path)
        counts = await bridge.read(self, load_unread_counts, reference, self._last_alert_id)
        self._last_alert_id = counts.new.last_id
        if counts.new.alerts:
            self.alerts = [Alert(**asdict(alert)) for alert in counts.new.alerts]
        self.count, self.about_ticket = counts.total, counts.about_ticket
        self.unread = f"{MAX_SHOWN}+" if counts.total > MAX_SHOWN else str(counts.total or "")
        return counts.person_id


def title_prefix() -> rx.Var[str]:
    """Return the beginning of each window title: "(3) " while there are unread notifications."""
    return rx.cond(UnreadBadge.unread, "(" + UnreadBadge.unread + ") ", "")

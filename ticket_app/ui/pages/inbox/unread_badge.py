"""The number of unread notifications in the navigation of the workspace and the portal."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.notifications import notifications
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.ui import bridge, change_feed, live, routes

MAX_SHOWN = 99
UNKNOWN = -1


def _load_unread(uow: UnitOfWork, reference: str) -> tuple[int, int, list[int]]:
    ids_on_ticket = notifications.list_unread_ids_of_ticket(uow, reference) if reference else []
    return uow.actor.id, notifications.count_unread(uow), ids_on_ticket


def _mark_read(uow: UnitOfWork, ids: list[int]) -> int:
    notifications.mark_read_by_ids(uow, ids)
    return notifications.count_unread(uow)


class UnreadBadge(rx.State):
    """The unread notifications: in the navigation, the window title and on the app's icon.

    `unread` is empty if there are none; `count` is `UNKNOWN` before they were counted.
    """

    unread: str = ""
    count: int = UNKNOWN

    @bridge.event
    async def load(self) -> None:
        """Count; opening a ticket marks the notifications about it as read."""
        reference = routes.ticket_reference(self.router.url.path)
        me, unread, ids_on_ticket = await bridge.read(self, _load_unread, reference)
        if ids_on_ticket:
            unread = await bridge.write(self, _mark_read, ids_on_ticket)
        self._show(unread)
        live.watch(self, UnreadBadge.refresh, {change_feed.person_topic(me)})

    @bridge.event
    async def refresh(self) -> None:
        """Count again after a notification arrived or was read."""
        _, unread, _ = await bridge.read(self, _load_unread, "")
        self._show(unread)

    def _show(self, unread: int) -> None:
        self.count = unread
        self.unread = f"{MAX_SHOWN}+" if unread > MAX_SHOWN else str(unread or "")


def title_prefix() -> rx.Var[str]:
    """Return the beginning of each window title: "(3) " while there are unread notifications."""
    return rx.cond(UnreadBadge.unread, "(" + UnreadBadge.unread + ") ", "")

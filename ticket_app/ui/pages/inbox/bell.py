"""How many notices wait to be read, as the frames of desk and portal show it."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.notifications import notifications
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.ui import bridge, live, tail

MOST_SHOWN = 99


def _look(desk: Desk, reference: str) -> tuple[int, int, list[int]]:
    about = notifications.unread_about(desk, reference) if reference else []
    return desk.actor.id, notifications.unread(desk), about


def _have_read(desk: Desk, ids: list[int]) -> int:
    notifications.read_these(desk, ids)
    return notifications.unread(desk)


class Bell(rx.State):
    """The number of unread notices; empty when there is none."""

    unread: str = ""

    @bridge.event
    async def load(self) -> None:
        """Count; what is about the ticket on this page has been read by opening it."""
        path = self.router.url.path.rstrip("/")
        reference = path.rpartition("/tickets/")[2] if "/tickets/" in path else ""
        me, unread, about = await bridge.read(self, _look, reference)
        if about:
            unread = await bridge.write(self, _have_read, about)
        self._show(unread)
        live.watch(self, Bell.refresh, {tail.person_topic(me)})

    @bridge.event
    async def refresh(self) -> None:
        """Count again: something was told or read."""
        _, unread, _ = await bridge.read(self, _look, "")
        self._show(unread)

    def _show(self, unread: int) -> None:
        self.unread = f"{MOST_SHOWN}+" if unread > MOST_SHOWN else str(unread or "")

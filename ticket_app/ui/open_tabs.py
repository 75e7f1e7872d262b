"""The tabs of this process that show a ticket to staff, for as long as they are open.

A tab is open while its socket is connected and it watches its ticket (`live.watch`). The process
vouches for all of its open tabs at once, every ten seconds; a tab that was closed, lost its
connection or shows something else is recorded as such within two seconds.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from ticket_app.core.conversation import presence
from ticket_app.core.platform.logs import log
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.ui import change_feed, live

CHECK_SECONDS = 1.0


@dataclass
class OpenTabs:
    """The id under which each tab is recorded, by the token of the tab."""

    by_token: dict[str, UUID] = field(default_factory=dict)
    _missing_since: dict[str, float] = field(default_factory=dict)

    def id_of(self, token: str) -> UUID:
        """Return the id of a tab, a new one if it has just been opened."""
        self._missing_since.pop(token, None)
        return self.by_token.setdefault(token, uuid4())

    def take_closed(self, watch_event: str, now: float) -> list[UUID]:
        """Remove the tabs that no longer watch with `watch_event`, and return their ids.

        A tab that loads its page again stops watching for a moment, so it must be missing twice.
        """
        closed: list[UUID] = []
        for token in list(self.by_token):
            if live.watches.is_connected(token) and live.watches.has(token, watch_event):
                self._missing_since.pop(token, None)
            elif now - self._missing_since.setdefault(token, now) >= CHECK_SECONDS / 2:
                del self._missing_since[token]
                closed.append(self.by_token.pop(token))
        return closed


open_tabs = OpenTabs()


def _write(closed: Collection[UUID], renewed: Collection[UUID] | None) -> None:
    with open_unit_of_work(writes=True) as uow:
        presence.leave(uow, closed)
        if renewed is not None:
            presence.renew(uow, renewed)


async def _check(watch_event: str) -> None:
    renew_at = time.monotonic()
    while True:
        await asyncio.sleep(CHECK_SECONDS)
        now = time.monotonic()
        closed = open_tabs.take_closed(watch_event, now)
        is_due = now >= renew_at and bool(open_tabs.by_token)
        if not closed and not is_due:
            continue
        renewed = list(open_tabs.by_token.values()) if is_due else None
        try:
            await asyncio.to_thread(_write, closed, renewed)
        except Exception as error:  # noqa: BLE001 - the next heartbeat may succeed
            log().warning("presence_failed", error=str(error))
            continue
        if is_due:
            renew_at = now + presence.HEARTBEAT.total_seconds()
        if closed:
            change_feed.check_now()


@asynccontextmanager
async def keep_presence_current(watch_event: str) -> AsyncIterator[None]:
    """Keep the presence of this process's tabs up to date; they watch with `watch_event`."""
    task = asyncio.create_task(_check(watch_event))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        if open_tabs.by_token:
            with suppress(Exception):
                await asyncio.to_thread(_write, list(open_tabs.by_token.values()), None)
            open_tabs.by_token.clear()

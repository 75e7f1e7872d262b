"""Each process reads the tail of the timeline and wakes the open pages that show what changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from ticket_app.core.platform.logs import log
from ticket_app.core.platform.unit_of_work import open_desk
from ticket_app.core.timeline.live_changes import Change, NoticeTail, Tail
from ticket_app.ui import live

SECONDS = 1.0
QUEUE = "queue"
_news = asyncio.Event()


def ticket_topic(ticket_id: int) -> str:
    """What everybody on a ticket may see of it has changed."""
    return f"ticket:{ticket_id}"


def staff_topic(ticket_id: int) -> str:
    """What only staff may see of a ticket has changed."""
    return f"ticket:{ticket_id}:staff"


def requester_topic(person_id: int) -> str:
    """One of the tickets somebody filed has changed."""
    return f"requester:{person_id}"


def person_topic(person_id: int) -> str:
    """Somebody was told something."""
    return f"person:{person_id}"


def topics_of(change: Change) -> set[str]:
    """Who is to be woken by a change; nothing internal wakes a requester."""
    topics = {QUEUE, staff_topic(change.ticket_id)}
    if not change.is_internal:
        topics |= {ticket_topic(change.ticket_id), requester_topic(change.requester_id)}
    return topics


def look_now() -> None:
    """Something was just written by this process: look before the second is over."""
    _news.set()


def _read(tail: Tail, notices: NoticeTail) -> set[str]:
    with open_desk(writes=False) as desk:
        changes, told = tail.read(desk), notices.read(desk)
    topics = {topic for change in changes for topic in topics_of(change)}
    return topics | {person_topic(person_id) for person_id in told}


async def _follow() -> None:
    tail, notices = Tail(), NoticeTail()
    while True:
        try:
            live.announce(await asyncio.to_thread(_read, tail, notices))
        except Exception as broken:  # noqa: BLE001 - the next look may succeed
            log().warning("tail_failed", error=str(broken))
        with suppress(TimeoutError):
            await asyncio.wait_for(_news.wait(), SECONDS)
        _news.clear()


@asynccontextmanager
async def followed() -> AsyncIterator[None]:
    """Follow the timeline for the life of the process."""
    following = asyncio.create_task(_follow())
    try:
        yield
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following

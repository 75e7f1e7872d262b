"""Follow the timeline in each process and refresh the open pages that show a change."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from ticket_app.core.conversation.presence import PresenceWatcher
from ticket_app.core.platform.logs import log
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.timeline.live_changes import NotificationTail, TimelineChange, TimelineTail
from ticket_app.ui import live

POLL_SECONDS = 1.0
QUEUE_TOPIC = "queue"
_wake_event = asyncio.Event()


def ticket_topic(ticket_id: int) -> str:
    """Return the topic of changes to a ticket that its requester may see."""
    return f"ticket:{ticket_id}"


def staff_topic(ticket_id: int) -> str:
    """Return the topic of all changes to a ticket."""
    return f"ticket:{ticket_id}:staff"


def requester_topic(person_id: int) -> str:
    """Return the topic of changes to the tickets of a requester."""
    return f"requester:{person_id}"


def company_topic(company_id: int) -> str:
    """Return the topic of changes to the tickets of a company that its people may see."""
    return f"company:{company_id}"


def person_topic(person_id: int) -> str:
    """Return the topic of a person's notifications."""
    return f"person:{person_id}"


def presence_topic(ticket_id: int) -> str:
    """Return the topic of who has a ticket open."""
    return f"presence:{ticket_id}"


def topics_of(change: TimelineChange) -> set[str]:
    """Return the topics of a change; an internal change has no topic of a requester."""
    topics = {QUEUE_TOPIC, staff_topic(change.ticket_id)}
    if not change.is_internal:
        topics |= {ticket_topic(change.ticket_id), requester_topic(change.requester_id)}
        topics |= {company_topic(company_id) for company_id in change.company_ids}
    return topics


def check_now() -> None:
    """Check for changes now, because this process has just written one."""
    _wake_event.set()


def _read_changed_topics(
    tail: TimelineTail, notices: NotificationTail, presences: PresenceWatcher
) -> set[str]:
    with open_unit_of_work(writes=False) as uow:
        changes, notified_ids = tail.read_changes(uow), notices.read_changed_person_ids(uow)
        ticket_ids = presences.read_changed_ticket_ids(uow)
    topics = {topic for change in changes for topic in topics_of(change)}
    topics |= {presence_topic(ticket_id) for ticket_id in ticket_ids}
    return topics | {person_topic(person_id) for person_id in notified_ids}


async def _poll() -> None:
    tail, notices, presences = TimelineTail(), NotificationTail(), PresenceWatcher()
    while True:
        try:
            live.publish(await asyncio.to_thread(_read_changed_topics, tail, notices, presences))
        except Exception as error:  # noqa: BLE001 - the next look may succeed
            log().warning("tail_failed", error=str(error))
        with suppress(TimeoutError):
            await asyncio.wait_for(_wake_event.wait(), POLL_SECONDS)
        _wake_event.clear()


@asynccontextmanager
async def run_change_feed() -> AsyncIterator[None]:
    """Follow the timeline for the life of the process."""
    task = asyncio.create_task(_poll())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

"""Notify people of what happened on a ticket."""

from __future__ import annotations

from ticket_app.core.conversation import distribution
from ticket_app.core.platform import outbox
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.jobs.registry import OutboxQueue, Payload

NOTIFICATIONS = OutboxQueue("notifications", concurrency=lambda: 1)
"""Neither a scan nor a search index delays a notification."""


@NOTIFICATIONS.handles(outbox.NOTIFICATIONS_TOPIC)
def notify_people(uow: UnitOfWork, payload: Payload) -> None:
    """Notify everybody who should hear of the entries of one ticket."""
    distribution.distribute(
        uow, int(payload["ticket_id"]), [int(entry_id) for entry_id in payload["entries"]]
    )

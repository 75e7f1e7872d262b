"""Notify people of what happened on a ticket."""

from __future__ import annotations

from ticket_app.core.conversation import distribution
from ticket_app.core.notifications import notifications
from ticket_app.core.platform import outbox
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.tickets import snoozing
from ticket_app.jobs.registry import OutboxQueue, Payload, pause_for_other_writers

NOTIFICATIONS = OutboxQueue("notifications", concurrency=lambda: 1)
"""Neither a scan nor a search index delays a notification."""


@NOTIFICATIONS.handles_without_transaction(outbox.NOTIFICATIONS_TOPIC)
def notify_people(payload: Payload) -> None:
    """Notify everybody who should hear of the entries of one ticket.

    Each batch is a transaction of its own. If the process dies between two, the repeated job
    notifies those who are left.
    """
    ticket_id = int(payload["ticket_id"])
    entry_ids = [int(entry_id) for entry_id in payload["entries"]]
    with open_unit_of_work(writes=False) as reading:
        batches = distribution.list_batches(reading, ticket_id, entry_ids)
        for number, batch in enumerate(batches):
            if number:
                pause_for_other_writers()
            with open_unit_of_work(writes=True) as uow:
                notifications.insert_notifications(uow, batch)
        is_snoozed = snoozing.is_snoozed_by_anyone(reading, ticket_id)
    if is_snoozed:
        with open_unit_of_work(writes=True) as uow:
            distribution.end_snoozes(uow, ticket_id, entry_ids)

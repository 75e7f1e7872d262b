"""Compose the email about notifications that are due, and send what waits."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ticket_app.core.email.outgoing import delivery, notifying
from ticket_app.core.email.outgoing.delivery import DueEmailRow
from ticket_app.core.email.outgoing.notifying import ComposedEmail, DuePairRow
from ticket_app.core.email.outgoing.transport import thread_transport
from ticket_app.core.platform.logs import log
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.jobs.heartbeat import heartbeat
from ticket_app.jobs.registry import WORK_QUEUES, WorkQueue, pause_for_other_writers, runs_every
from ticket_app.jobs.worker_pool import Task

COMPOSE_INTERVAL_SECONDS = 1.0
EMAIL_THREADS = 4
"""Connections to the mail server in one process."""


def claim_emails(limit: int) -> list[Task]:
    """Claim due emails; return a task for each."""
    with open_unit_of_work(writes=False) as uow:
        if not delivery.has_due(uow):
            return []
    with open_unit_of_work(writes=True) as uow:
        emails = delivery.drop_pointless_and_claim_due(
            uow, limit, process_uuid=heartbeat.process_id
        )
    return [partial(_send, email) for email in emails]


def _send(email: DueEmailRow) -> None:
    attempt = delivery.send(email, thread_transport())
    with open_unit_of_work(writes=True) as uow:
        delivery.record(uow, attempt)


WORK_QUEUES.append(
    WorkQueue(
        "email",
        concurrency=lambda: EMAIL_THREADS,
        claim_tasks=claim_emails,
        wake_event=delivery.wake_event,
    )
)


@runs_every(COMPOSE_INTERVAL_SECONDS)
def compose_due() -> None:
    """Write the emails about notifications that are due."""
    while True:
        with open_unit_of_work(writes=False) as uow:
            pairs = notifying.list_due(uow)
        if not pairs:
            return
        try:
            _compose(pairs)
        except Exception as error:  # noqa: BLE001 - one of them; the others are written
            log().warning("email_not_composed", count=len(pairs), reason=repr(error))
            _compose_each(pairs)
        delivery.wake_event.set()
        pause_for_other_writers()


def _compose(pairs: Sequence[DuePairRow]) -> None:
    """Compose emails, then save them in a short transaction: on SQLite others wait for it."""
    emails: list[ComposedEmail] = []
    composed_ids: set[int] = set()
    with open_unit_of_work(writes=False) as uow:
        for pair in pairs:
            email = notifying.build_email(
                uow, pair.person_id, pair.ticket_id, composed_ids=composed_ids
            )
            if email is not None:
                emails.append(email)
                composed_ids.update(email.notification_ids)
    if emails:
        with open_unit_of_work(writes=True) as uow:
            notifying.save_emails(uow, emails)


def _compose_each(pairs: Sequence[DuePairRow]) -> None:
    """Write each email in a transaction of its own; postpone those that cannot be written."""
    for pair in pairs:
        try:
            _compose([pair])
        except Exception as error:  # noqa: BLE001 - it is tried again later
            log().error("email_postponed", person_id=pair.person_id, exc_info=error)
            with open_unit_of_work(writes=True) as uow:
                notifying.postpone(uow, pair.person_id, pair.ticket_id)

"""Bring snoozed tickets back when their time has come."""

from __future__ import annotations

from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.tickets import snoozing
from ticket_app.jobs.registry import runs_every

INTERVAL_SECONDS = 10.0


@runs_every(INTERVAL_SECONDS)
def end_due_snoozes() -> None:
    """End the snoozes that are due, in batches."""
    with open_unit_of_work(writes=False) as uow:
        if not snoozing.has_due(uow):
            return
    while True:
        with open_unit_of_work(writes=True) as uow:
            due_count = snoozing.end_due(uow)
        if due_count < snoozing.END_BATCH_SIZE:
            return

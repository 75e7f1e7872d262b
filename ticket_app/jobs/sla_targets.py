"""Check due SLA targets: warn before a target, record the breach after it."""

from __future__ import annotations

from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.sla import tracking as sla_tracking
from ticket_app.jobs.registry import runs_every

INTERVAL_SECONDS = 15.0
BATCH_SIZE = 100
"""Tickets checked in one transaction."""


@runs_every(INTERVAL_SECONDS)
def check_due_targets() -> None:
    """Check every ticket with a due SLA target."""
    with open_unit_of_work(writes=False) as uow:
        if not sla_tracking.has_due_targets(uow):
            return
    while True:
        with open_unit_of_work(writes=True) as uow:
            checked_count = sla_tracking.check_due_targets(uow, BATCH_SIZE)
        if checked_count < BATCH_SIZE:
            return

"""Promises to tickets that come due: a warning before, a broken promise after."""

from __future__ import annotations

from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.sla import tracking as sla_tracking

INTERVAL_SECONDS = 15.0
BATCH_SIZE = 100
"""Tickets looked at in one transaction."""


def check_due_targets() -> None:
    """Look at every ticket on which something has come due."""
    with open_unit_of_work(writes=False) as uow:
        if not sla_tracking.has_due_targets(uow):
            return
    while True:
        with open_unit_of_work(writes=True) as uow:
            checked_count = sla_tracking.check_due_targets(uow, BATCH_SIZE)
        if checked_count < BATCH_SIZE:
            return

"""Ask requesters to rate tickets that were resolved."""

from __future__ import annotations

from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.tickets import rating_requests
from ticket_app.jobs.registry import runs_every

INTERVAL_SECONDS = 60.0


@runs_every(INTERVAL_SECONDS)
def send_rating_requests() -> None:
    """Send the requests that are due, in batches."""
    with open_unit_of_work(writes=False) as uow:
        if not rating_requests.is_active(uow):
            return
    while True:
        with open_unit_of_work(writes=True) as uow:
            sent_count = rating_requests.send_due(uow)
        if sent_count < rating_requests.BATCH_SIZE:
            return

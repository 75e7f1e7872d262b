"""Replace a renamed or merged tag on older tickets."""

from __future__ import annotations

from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import tag_changes
from ticket_app.jobs.registry import JOBS, Payload


@JOBS.handles(tag_changes.REPLACED_TOPIC)
def replace_tag(uow: UnitOfWork, payload: Payload) -> None:
    """Give the next batch of tickets the new tag; the rest is queued in the same transaction."""
    tag_changes.replace_on_next_batch(
        uow,
        old_id=int(payload["old_id"]),
        new_id=int(payload["new_id"]),
        before=int(payload["before"]),
    )

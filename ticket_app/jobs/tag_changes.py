"""Replace a renamed or merged tag on older tickets."""

from __future__ import annotations

from typing import Any

from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.tickets import tag_changes


def replace_tag(payload: dict[str, Any]) -> None:
    """Give the next batch of tickets the new tag; the rest is queued in the same transaction."""
    with open_unit_of_work(writes=True) as uow:
        tag_changes.replace_on_tickets(
            uow,
            old_id=int(payload["old_id"]),
            new_id=int(payload["new_id"]),
            before=int(payload["before"]),
        )

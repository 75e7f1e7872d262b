"""Notify people of what happened on a ticket."""

from __future__ import annotations

from typing import Any

from ticket_app.core.conversation import distribution
from ticket_app.core.platform.unit_of_work import open_unit_of_work


def notify_people(payload: dict[str, Any]) -> None:
    """Notify everybody who should hear of the entries of one ticket."""
    with open_unit_of_work(writes=True) as uow:
        distribution.distribute(
            uow, int(payload["ticket_id"]), [int(entry_id) for entry_id in payload["entries"]]
        )

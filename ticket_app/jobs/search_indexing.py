"""Index tickets again after a person or a company was renamed."""

from __future__ import annotations

from typing import Any

from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.search import search_index


def reindex_renamed(payload: dict[str, Any]) -> None:
    """Index the next batch of older tickets; what remains is queued in the same transaction."""
    with open_unit_of_work(writes=True) as uow:
        search_index.reindex_names(
            uow, payload["what"], int(payload["named"]), before=int(payload["before"])
        )

"""Tickets that are to be found by the new name of a person or a company."""

from __future__ import annotations

from typing import Any

from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.search import search_index


def reindex_renamed(payload: dict[str, Any]) -> None:
    """Let the next older tickets follow; what remains is asked for in the same transaction."""
    with open_unit_of_work(writes=True) as uow:
        search_index.reindex_names(
            uow, payload["what"], int(payload["named"]), before=int(payload["before"])
        )

"""Index tickets again after a person or a company was renamed."""

from __future__ import annotations

from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.search import search_index
from ticket_app.jobs.registry import JOBS, Payload


@JOBS.handles(search_index.RENAMED_TOPIC)
def reindex_renamed(uow: UnitOfWork, payload: Payload) -> None:
    """Index the next batch of older tickets; what remains is queued in the same transaction."""
    search_index.reindex_names(
        uow, payload["what"], int(payload["named"]), before=int(payload["before"])
    )

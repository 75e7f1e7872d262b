"""Export every ticket that matches a query, newest first, in batches.

Each batch is read in a short transaction of its own, so that the export does not block writers for
minutes and only one batch is in memory. A ticket that exists throughout is exported exactly once,
as it was when its batch was read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TypeVar

from ticket_app.core.platform.access_policy import can_see_internal
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Audience
from ticket_app.core.tickets import ticket_list
from ticket_app.core.tickets.fields import FieldView, fields_shown_in
from ticket_app.core.tickets.rows import TicketExportRow
from ticket_app.core.tickets.statistics import minutes_between
from ticket_app.core.tickets.ticket_query import TicketQuery

BATCH_SIZE = 1_000
UnitOfWorkFactory = Callable[[], AbstractContextManager[UnitOfWork]]
"""Opens a unit of work for one batch."""
FormattedTicket = TypeVar("FormattedTicket")


@dataclass(frozen=True, slots=True)
class ExportedTicket:
    """A ticket to be exported."""

    row: TicketExportRow
    """The row with the columns of the column set `export`."""
    resolution_minutes: int | None
    fields: dict[str, object]
    """The fields that the registry shows in exports, by event name; None where the actor may not
    read one.
    """


def iter_ticket_batches(
    open_uow: UnitOfWorkFactory,
    query: TicketQuery,
    format_ticket: Callable[[ExportedTicket], FormattedTicket],
) -> Iterator[list[FormattedTicket]]:
    """Yield batches of the tickets that match the query and are visible to the actor.

    Yields one empty batch if there are none. Raises `Forbidden` without permission to read reports,
    before the first batch.
    """
    exported_fields = fields_shown_in(FieldView.EXPORT)
    cursor: str | None = None
    while True:
        with open_uow() as uow:
            uow.actor.require("view_reports", "export tickets")
            part = PageRequest(limit=BATCH_SIZE, cursor=cursor)
            page = ticket_list.page(uow, query, part, "export", max_page_size=BATCH_SIZE)
            include_internal = can_see_internal(uow.actor)
            exported_tickets = [
                format_ticket(
                    ExportedTicket(
                        row,
                        minutes_between(row.created_at, row.resolved_at),
                        {
                            field.event_name: getattr(row, field.column)
                            if include_internal or field.audience is Audience.PUBLIC
                            else None
                            for field in exported_fields
                        },
                    )
                )
                for row in page.rows
            ]
        yield exported_tickets
        cursor = page.next_cursor
        if cursor is None:
            return

"""Change, delete and restore one or several tickets on the staff pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import bulk, locking, ticket_lookup, trash
from ticket_app.core.tickets.bulk import BulkResult, ExpectedState
from ticket_app.core.tickets.undo import UndoStep
from ticket_app.tables import Ticket
from ticket_app.ui.pages.desk.queue.rows import load_row
from ticket_app.ui.pages.desk.ticket_changes import TicketChange
from ticket_app.ui.rows import QueueRow


@dataclass(frozen=True)
class BulkChange:
    """The result of a bulk change: undo steps, current rows, changed numbers and errors."""

    steps: list[UndoStep]
    rows: list[QueueRow]
    numbers: list[str]
    errors: list[str]


def _bulk_result(uow: UnitOfWork, outcome: BulkResult, ids: Iterable[int]) -> BulkChange:
    rows = [row for ticket_id in ids if (row := load_row(uow, ticket_id))]
    return BulkChange(outcome.steps, rows, outcome.ticket_keys, outcome.errors)


def change_tickets(
    uow: UnitOfWork, change: TicketChange, seen: Mapping[int, ExpectedState]
) -> BulkChange:
    """Set the status, priority or assignee of several tickets.

    `seen` maps the id of each ticket to the state that the person saw. A ticket that has changed
    since, or that cannot be changed, stays as it is; the others are changed.
    """
    return _bulk_result(uow, bulk.change_tickets(uow, seen, change.apply), seen)


@dataclass(frozen=True)
class ChangeResult:
    """The result of changing one ticket: the undo step, the new version and the assignee."""

    step: UndoStep | None
    version: int
    assignee: str


def change_one(
    uow: UnitOfWork,
    ticket_id: int,
    seen: ExpectedState,
    change_ticket: Callable[[UnitOfWork, Ticket], object],
) -> ChangeResult:
    """Change a ticket that has not changed since it was seen. Raises the errors of the core."""
    ticket, step = bulk.change_ticket(uow, ticket_id, seen, change_ticket)
    row = ticket_lookup.read_ticket(uow, ticket_id) if ticket.deleted_at is None else None
    return ChangeResult(step, ticket.version, (row and row.assignee_name) or "")


def edit_one(
    uow: UnitOfWork, ticket_id: int, change_ticket: Callable[[UnitOfWork, Ticket], object]
) -> ChangeResult:
    """Change a ticket with a function that checks for conflicts itself."""
    ticket = locking.lock_ticket(uow, ticket_id)
    return change_one(
        uow, ticket_id, ExpectedState(ticket.version, ticket.assignee_id), change_ticket
    )


def delete_tickets(uow: UnitOfWork, seen: Mapping[int, ExpectedState]) -> BulkChange:
    """Move tickets to the trash unless they have changed since they were seen."""
    return _bulk_result(uow, bulk.change_tickets(uow, seen, trash.delete_ticket), ())


def undo_delete(uow: UnitOfWork, ticket_id: int) -> None:
    """Restore a ticket that the actor has deleted."""
    trash.undo_delete(uow, ticket_id)

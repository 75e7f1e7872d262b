"""Apply macros on the staff pages."""

from __future__ import annotations

from collections.abc import Mapping

from ticket_app.core.automation import macro_running
from ticket_app.core.automation.macro_running import MacroResult
from ticket_app.core.conversation import held_replies
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets.bulk import ExpectedState


def apply_to_ticket(
    uow: UnitOfWork, macro_id: int, ticket_id: int, seen: ExpectedState
) -> tuple[MacroResult, int]:
    """Apply a macro to a ticket; return what it did and for how long it can be taken back.

    Raises the errors of the core.
    """
    undo_seconds = held_replies.get_own_undo_seconds(uow)
    applied = macro_running.apply(
        uow, macro_id, ticket_id, expected=seen, undo_seconds=undo_seconds
    )
    return MacroResult(applied.macro_name, [applied]), undo_seconds


def apply_to_tickets(
    uow: UnitOfWork, macro_id: int, seen: Mapping[int, ExpectedState]
) -> tuple[MacroResult, int]:
    """Apply a macro to tickets as they were seen; those that have changed since stay."""
    undo_seconds = held_replies.get_own_undo_seconds(uow)
    result = macro_running.apply_to_each(uow, macro_id, seen, undo_seconds=undo_seconds)
    return result, undo_seconds

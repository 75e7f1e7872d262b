"""Change several tickets in one transaction, each only if it still is as the person saw it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.errors import DomainError
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import counters, locking, undo
from ticket_app.core.tickets.undo import UndoStep
from ticket_app.tables import Ticket

ItemT = TypeVar("ItemT")


@dataclass(frozen=True, slots=True)
class ExpectedState:
    """What a person saw of a ticket when they decided to change it.

    `assignee_id` serves the message only: who has taken the ticket in the meantime. With `values`
    (by column) only these must be unchanged, whatever else has changed.
    """

    version: int
    assignee_id: int | None = None
    values: Mapping[str, object] | None = None


@dataclass(slots=True)
class BulkResult:
    """What was done: the steps to undo, the tickets' numbers, and why others were refused."""

    steps: list[UndoStep] = field(default_factory=list[UndoStep])
    ticket_keys: list[str] = field(default_factory=list[str])
    errors: list[str] = field(default_factory=list[str])


def change_ticket(
    uow: UnitOfWork,
    ticket_id: int,
    expected: ExpectedState,
    change: Callable[[UnitOfWork, Ticket], object],
) -> tuple[Ticket, UndoStep | None]:
    """Apply `change` to a ticket that is still as the actor saw it; return the step to undo.

    Raises `NotFound`, `VersionConflict` or `Conflict` for a ticket that has changed, and what
    `change` raises.
    """
    ticket = locking.lock_ticket(uow, ticket_id)
    if expected.values is None:
        locking.ensure_version(uow, ticket, expected.version, expected.assignee_id)
    else:
        locking.ensure_values(uow, ticket, expected.values)
    before = undo.take_snapshot(uow, ticket)
    change(uow, ticket)
    uow.flush()
    return ticket, undo.build_step(uow, ticket, before)


def change_tickets(
    uow: UnitOfWork,
    expected_states: Mapping[int, ExpectedState],
    change: Callable[[UnitOfWork, Ticket], object],
) -> BulkResult:
    """Apply `change` to each ticket (by id); skip those that have changed or where it raises."""
    result = BulkResult()

    def apply_change(ticket_id: int) -> None:
        ticket, step = change_ticket(uow, ticket_id, expected_states[ticket_id], change)
        result.ticket_keys.append(ticket_numbers.format_key(ticket))
        if step:
            result.steps.append(step)

    result.errors += apply_to_each(uow, sorted(expected_states), apply_change)
    return result


def undo_steps(uow: UnitOfWork, steps: Sequence[UndoStep]) -> BulkResult:
    """Undo an action on each ticket; skip those that have been changed again since."""
    result = BulkResult()

    def undo_step(step: UndoStep) -> None:
        result.ticket_keys.append(ticket_numbers.format_key(undo.revert(uow, step)))

    result.errors += apply_to_each(uow, sorted(steps, key=lambda step: step.ticket_id), undo_step)
    return result


def apply_to_each(
    uow: UnitOfWork, items: Iterable[ItemT], apply: Callable[[ItemT], None]
) -> list[str]:
    """Handle each item in a savepoint and return the messages of those for which it raises.

    Give the items in the order of ids, so that two calls cannot deadlock.
    """
    errors: list[str] = []
    with counters.defer_moves(uow) as counter_moves:
        for item in items:
            moves_before = len(counter_moves)
            try:
                with uow.savepoint():
                    apply(item)
            except DomainError as error:
                del counter_moves[moves_before:]
                errors.append(error.message)
    return errors

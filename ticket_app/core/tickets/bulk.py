"""Change several tickets in one transaction, each only if it still is as the person saw it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.errors import DeskError
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.tickets import counters, tickets, undo
from ticket_app.core.tickets.undo import Step
from ticket_app.tables import Ticket


@dataclass(frozen=True, slots=True)
class Seen:
    """What a person saw of a ticket when they decided to change it.

    `assignee_id` serves the message only: who has taken the ticket in the meantime.
    """

    version: int
    assignee_id: int | None = None


@dataclass(slots=True)
class Outcome:
    """What was done: the steps to undo, the tickets' numbers, and why others were refused."""

    steps: list[Step] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def change_one(
    desk: Desk, ticket_id: int, seen: Seen, act: Callable[[Desk, Ticket], Any]
) -> tuple[Ticket, Step | None]:
    """Do something to a ticket that still is as it was seen. Returns the step to undo, if any.

    Raises `NotFound`, `Stale` or `Conflict` for a ticket that has changed, and what `act` raises.
    """
    ticket = tickets.hold(desk, ticket_id)
    tickets.expect_seen(desk, ticket, seen.version, seen.assignee_id)
    before = undo.snapshot(desk, ticket)
    act(desk, ticket)
    desk.settle()
    return ticket, undo.step(ticket, before)


def change_each(
    desk: Desk, seen: Mapping[int, Seen], act: Callable[[Desk, Ticket], Any]
) -> Outcome:
    """Do the same to each ticket (by id). One that has changed or refuses stays as it is."""
    done = Outcome()

    def change(ticket_id: int) -> None:
        ticket, step = change_one(desk, ticket_id, seen[ticket_id], act)
        done.numbers.append(ticket_numbers.key(ticket))
        if step:
            done.steps.append(step)

    _each(desk, sorted(seen), change, done)
    return done


def undo_each(desk: Desk, steps: Sequence[Step]) -> Outcome:
    """Undo an action on each ticket. One that has been changed again since stays as it is."""
    done = Outcome()

    def put_back(step: Step) -> None:
        done.numbers.append(ticket_numbers.key(undo.apply(desk, step)))

    _each(desk, sorted(steps, key=lambda step: step.ticket_id), put_back, done)
    return done


def _each(desk: Desk, items: Iterable[Any], use: Callable[[Any], None], done: Outcome) -> None:
    """Use each item in a savepoint of its own; in the order of ids, so that no two wait."""
    with counters.together(desk) as moves:
        for item in items:
            counted = len(moves)
            try:
                with desk.session.begin_nested():
                    use(item)
            except DeskError as refused:
                del moves[counted:]
                done.refused.append(refused.message)

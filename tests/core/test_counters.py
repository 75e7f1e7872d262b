"""The stored ticket counters match the tickets after any sequence of changes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, select

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.conversation.commenting import add_comment
from ticket_app.core.platform.errors import DomainError, RuleViolation
from ticket_app.core.platform.vocabulary import Category, Kind, Priority, Status
from ticket_app.core.tickets import counters
from ticket_app.core.tickets.assigning import assign
from ticket_app.core.tickets.editing import edit
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.opening import TicketDraft, open_ticket
from ticket_app.core.tickets.status_changes import change_status, reopen
from ticket_app.core.tickets.trash import delete_ticket, restore_ticket
from ticket_app.tables import ticket_count_table, ticket_table


def expected_counters(database: Engine) -> dict[tuple[Any, ...], tuple[int, int, int]]:
    """Return the buckets as counted from the tickets."""
    expected: dict[tuple[Any, ...], tuple[int, int, int]] = {}
    with database.connect() as connection:
        for row in connection.execute(
            select(ticket_table).where(ticket_table.c.deleted_at.is_(None))
        ):
            bucket = (row.status, row.priority, row.category, row.kind, row.assignee_id is not None)
            n, resolved, seconds = expected.get(bucket, (0, 0, 0))
            if row.resolved_at is not None:
                resolved += 1
                seconds += int((row.resolved_at - row.created_at).total_seconds())
            expected[bucket] = (n + 1, resolved, seconds)
    return expected


def stored_counters(database: Engine) -> dict[tuple[Any, ...], tuple[int, int, int]]:
    with database.connect() as connection:
        rows = connection.execute(select(ticket_count_table)).all()
    assert all(min(row[5:]) >= 0 for row in rows)
    return {tuple(row[:5]): tuple(row[5:]) for row in rows if row.tickets}  # type: ignore[misc]


def test_counters_follow_creation_and_resolution(
    database: Engine, uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket
) -> None:
    first = file_ticket(priority=Priority.HIGH, kind=Kind.BUG)
    file_ticket()
    clock.forward(hours=3)
    with uow_for(cast.agent) as uow:
        change_status(uow, lock_ticket(uow, first), Status.RESOLVED)
    with uow_for(cast.agent, writes=False) as uow:
        totals = counters.count_all_tickets(uow)
    assert totals.total == 2
    assert totals.by_status == {"resolved": 1, "new": 1}
    assert totals.by_priority == {"high": 1, "medium": 1}
    assert totals.by_category == {"general": 1, "bug": 1}
    assert totals.by_kind == {"bug": 1, "support": 1}
    assert totals.average_resolution_hours == 3
    assert stored_counters(database) == expected_counters(database)


def test_counters_without_tickets_have_no_average(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.agent, writes=False) as uow:
        totals = counters.count_all_tickets(uow)
        assert (totals.total, totals.by_status, totals.average_resolution_hours) == (0, {}, None)


def test_any_sequence_of_operations_keeps_them_right(  # noqa: C901 -- a machine of rules
    database: Engine, uow_for: UowFor, cast: Cast, clock: Clock
) -> None:
    class UnitOfWork(RuleBasedStateMachine):
        tickets = Bundle("tickets")

        @rule(
            target=tickets,
            kind=st.sampled_from(list(Kind)[:3]),
            priority=st.sampled_from(Priority),
            assignee=st.sampled_from([None, cast.agent.id]),
        )
        def open(self, kind: Kind, priority: Priority, assignee: int | None) -> int | None:
            with uow_for(cast.agent) as uow:
                draft = TicketDraft("Lamp", "Dark", kind, priority, assignee_id=assignee)
                return open_ticket(uow, draft).id

        def on(self, ticket_id: int, do: Callable[[Any, Any], Any], by: Any = cast.agent) -> None:
            clock.forward(minutes=7)
            with suppress(DomainError), uow_for(by) as uow:
                do(uow, lock_ticket(uow, ticket_id))

        @rule(ticket_id=tickets, status=st.sampled_from(Status))
        def change(self, ticket_id: int, status: Status) -> None:
            self.on(ticket_id, lambda uow, ticket: change_status(uow, ticket, status))

        @rule(ticket_id=tickets)
        def reopen(self, ticket_id: int) -> None:
            self.on(ticket_id, reopen)

        @rule(ticket_id=tickets, to=st.sampled_from([None, cast.agent.id, cast.manager.id]))
        def assign(self, ticket_id: int, to: int | None) -> None:
            self.on(ticket_id, lambda uow, ticket: assign(uow, ticket, to))

        @rule(
            ticket_id=tickets,
            priority=st.sampled_from(Priority),
            category=st.sampled_from(list(Category)[:3]),
            kind=st.sampled_from(list(Kind)[:3]),
        )
        def edit(self, ticket_id: int, **changes: Any) -> None:
            self.on(ticket_id, lambda uow, ticket: edit(uow, ticket, changes))

        @rule(ticket_id=tickets)
        def answer(self, ticket_id: int) -> None:
            self.on(ticket_id, lambda uow, ticket: add_comment(uow, ticket, "Hm"))

        @rule(ticket_id=tickets)
        def delete(self, ticket_id: int) -> None:
            self.on(ticket_id, delete_ticket)

        @rule(ticket_id=tickets)
        def restore(self, ticket_id: int) -> None:
            with suppress(DomainError), uow_for(cast.admin) as uow:
                restore_ticket(uow, ticket_id)

        @rule(ticket_id=tickets)
        def fail_half_way(self, ticket_id: int) -> None:
            def do(uow: Any, ticket: Any) -> None:
                change_status(uow, ticket, Status.CLOSED)
                raise RuleViolation("halfway")

            self.on(ticket_id, do)

        @invariant()
        def the_counts_agree(self) -> None:
            assert stored_counters(database) == expected_counters(database)

    run_state_machine_as_test(
        UnitOfWork,
        settings=settings(
            max_examples=8,
            stateful_step_count=25,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_concurrent_changes_keep_the_counters_correct(
    database: Engine, uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ids = [file_ticket() for _ in range(8)]

    def work(n: int) -> None:
        for turn in range(6):
            with uow_for(cast.agent) as uow:
                ticket = lock_ticket(uow, ids[n])
                if turn % 2:
                    change_status(uow, ticket, (Status.OPEN, Status.CLOSED)[(n + turn // 2) % 2])
                else:
                    assign(uow, ticket, (None, cast.agent.id)[(n + turn // 2) % 2])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert stored_counters(database) == expected_counters(database)


def test_long_resolutions_of_many_tickets_are_counted(
    database: Engine, uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket
) -> None:
    ids = [file_ticket() for _ in range(3)]
    clock.now += timedelta(days=365 * 40)
    for ticket_id in ids:
        with uow_for(cast.agent) as uow:
            change_status(uow, lock_ticket(uow, ticket_id), Status.CLOSED)
    assert stored_counters(database) == expected_counters(database)

"""One place updates the data derived from a ticket."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import ticket_app
from tests.cast import Cast, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.search import search_index
from ticket_app.core.tickets import counters
from ticket_app.core.tickets.changing import ChangedOutsideBlock, changing
from ticket_app.core.tickets.locking import lock_ticket

PACKAGE = Path(ticket_app.__file__).parent


def _callers(module: str, function: str) -> list[str]:
    """Return the places that call a function as `module.function(...)`."""
    return [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == function
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == module
    ]


@pytest.mark.parametrize(
    ("module", "function"),
    [
        ("counters", "move"),
        ("search_index", "add"),
        ("search_index", "reindex"),
        ("search_index", "reindex_files"),
        ("tags", "set_tags"),
        ("tags", "add_tags"),
    ],
)
def test_derived_data_is_written_from_one_place(module: str, function: str) -> None:
    callers = _callers(module, function)
    assert len(callers) == 1
    assert callers[0].startswith("core/tickets/changing.py:")


def test_counters_search_text_tags_and_version_follow_a_change(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        ticket = lock_ticket(uow, ticket_id)
        version = ticket.version
        with changing(uow, ticket):
            ticket.title, ticket.tags = "Zeppelin", ["airship"]
            with changing(uow, ticket):
                ticket.priority = "critical"
    with uow_for(cast.agent, writes=False) as uow:
        assert counters.count_tickets(uow, priority=["critical"]) == 1
        assert counters.count_tickets(uow) == 1
        ticket = lock_ticket(uow, ticket_id)
        assert ticket.version > version
        assert "zeppelin" in search_index.build_numbers_title_and_tags_text(ticket)


def _count_file_before_the_block(uow: UnitOfWork, ticket_id: int) -> None:
    ticket = lock_ticket(uow, ticket_id)
    ticket.attachments_count += 1
    with changing(uow, ticket):
        ticket.priority = "critical"


def test_a_change_outside_the_block_is_rejected(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with pytest.raises(ChangedOutsideBlock, match="title"), uow_for(cast.agent) as uow:
        lock_ticket(uow, ticket_id).title = "Zeppelin"
    with (
        pytest.raises(ChangedOutsideBlock, match="attachments_count"),
        uow_for(cast.agent) as uow,
    ):
        _count_file_before_the_block(uow, ticket_id)
    with uow_for(cast.agent, writes=False) as uow:
        ticket = lock_ticket(uow, ticket_id)
        assert (ticket.title, ticket.attachments_count, ticket.version) == (
            "The lamp flickers",
            0,
            1,
        )


def test_the_sla_clock_moves_without_a_new_version(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        lock_ticket(uow, ticket_id).sla_breached_at = uow.now
    with uow_for(cast.agent, writes=False) as uow:
        ticket = lock_ticket(uow, ticket_id)
        assert ticket.sla_breached_at is not None
        assert ticket.version == 1

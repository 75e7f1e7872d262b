"""One ticket by any of its ids or numbers, if the actor may read it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, cast, overload

from sqlalchemy import bindparam, select

from ticket_app.core.platform.access_policy import (
    READABLE_BY_REQUESTER,
    VISIBLE_TO_STAFF,
    readable_condition,
    reading_parameters,
)
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.sql_types import AnySelect
from ticket_app.core.platform.ticket_numbers import (
    TicketReference,
    find_lookup_column_and_value,
    parse_reference,
    parse_search_reference,
)
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets.list_columns import COLUMN_SETS, ColumnSet, join_names
from ticket_app.core.tickets.rows import TicketRow, TicketSlaRow, TicketSummaryRow
from ticket_app.tables import ticket_table


@lru_cache(maxsize=32)
def _read_statement(is_staff: bool, column: str, column_set: ColumnSet) -> AnySelect:
    return (
        select(*COLUMN_SETS[column_set])
        .select_from(join_names(ticket_table, column_set))
        .where(
            VISIBLE_TO_STAFF if is_staff else READABLE_BY_REQUESTER,
            ticket_table.c[column] == bindparam("wanted"),
        )
    )


@overload
def read_ticket(
    uow: UnitOfWork, reference: str | int | TicketReference, column_set: Literal["full"] = "full"
) -> TicketRow: ...


@overload
def read_ticket(
    uow: UnitOfWork, reference: str | int | TicketReference, column_set: Literal["summary"]
) -> TicketSummaryRow: ...


@overload
def read_ticket(
    uow: UnitOfWork, reference: str | int | TicketReference, column_set: Literal["summary_with_sla"]
) -> TicketSlaRow: ...


def read_ticket(
    uow: UnitOfWork, reference: str | int | TicketReference, column_set: ColumnSet = "full"
) -> TicketSummaryRow:
    """Return one ticket by any of its ids or numbers, with the columns of a column set.

    Raises `NotFound` if there is none that the actor may read.
    """
    parsed_reference = (
        parse_reference(str(reference)) if isinstance(reference, str | int) else reference
    )
    key = parsed_reference and find_lookup_column_and_value(uow, parsed_reference)
    if key is None:
        raise NotFound
    column, wanted_id = key
    values = {**reading_parameters(uow.actor), "wanted": wanted_id}
    row = uow.connection.execute(
        _read_statement(uow.actor.is_staff, column, column_set), values
    ).first()
    if row is None:
        raise NotFound
    return cast("TicketSummaryRow", row)


def find_readable_ids(uow: UnitOfWork, reference: TicketReference) -> Sequence[int]:
    """Return the ids of the tickets that a reference means and the actor may read."""
    statement = (
        select(ticket_table.c.id)
        .where(readable_condition(uow.actor), reference.condition())
        .order_by(ticket_table.c.id)
    )
    return uow.connection.execute(statement, reading_parameters(uow.actor)).scalars().all()


def find_single_match(uow: UnitOfWork, text: str) -> int | None:
    """Return the id of the only ticket the actor may see that a text is a number of, or None.

    A number alone (`420`, `#420`) is the ticket of that id, or else the only one of that number.
    """
    reference = parse_search_reference(text)
    ticket_ids = find_readable_ids(uow, reference) if reference else ()
    if reference and reference.id in ticket_ids:
        return reference.id
    return ticket_ids[0] if len(ticket_ids) == 1 else None

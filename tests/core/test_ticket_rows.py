"""The types of ticket rows name the columns that are read."""

from __future__ import annotations

import inspect

import pytest

from ticket_app.core.tickets.list_columns import COLUMN_SETS
from ticket_app.core.tickets.rows import TicketRow, TicketSlaRow, TicketSummaryRow


@pytest.mark.parametrize(
    ("row_type", "column_set"),
    [
        (TicketSummaryRow, "summary"),
        (TicketSlaRow, "summary_with_sla"),
        (TicketRow, "full"),
    ],
)
def test_row_type_names_every_column_of_its_set(row_type: type, column_set: str) -> None:
    names = {name for base in row_type.__mro__ for name in inspect.get_annotations(base)}
    assert names == {column.key for column in COLUMN_SETS[column_set]}

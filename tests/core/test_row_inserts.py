"""A row inserted by one statement equals the row that the ORM would insert."""

from __future__ import annotations

from typing import Any

from tests.cast import Cast, UowFor
from ticket_app.core.platform import row_inserts
from ticket_app.core.platform.vocabulary import Category, Kind, Priority, Severity, Status
from ticket_app.core.tickets.changing import changing
from ticket_app.tables import Ticket, ticket_table


def columns(uow: Any, cast: Cast, number: int) -> dict[str, Any]:
    return {
        "key_prefix": "BUG",
        "key_number": number,
        "opened_on": uow.now.date(),
        "day_number": number,
        "title": "A lamp",
        "description": "Flickers",
        "kind": Kind.BUG,
        "category": Category.TECHNICAL,
        "status": Status.NEW,
        "status_group": Status.NEW.group,
        "status_rank": Status.NEW.rank,
        "priority": Priority.HIGH,
        "priority_rank": Priority.HIGH.rank,
        "severity": Severity.MINOR,
        "tags": ["lamp"],
        "environment": {"os": "Linux"},
        "requester_id": cast.owner.id,
        "created_by_id": cast.owner.id,
        "due_sort_at": uow.now,
        "created_at": uow.now,
        "updated_at": uow.now,
    }


def test_inserted_row_equals_the_row_of_the_orm(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.owner) as uow:
        plain = row_inserts.insert_row(uow, row_inserts.build_row(Ticket, **columns(uow, cast, 1)))
        usual = Ticket(**columns(uow, cast, 2))
        uow.session.add(usual)
        uow.flush()
        own = {"id", "uuid", "key_number", "day_number"}
        rows = [
            dict(row._mapping)
            for row in uow.connection.execute(
                ticket_table.select().order_by(ticket_table.c.key_number)
            )
        ]
        first, second = ({k: v for k, v in row.items() if k not in own} for row in rows)
        assert first == second
        assert {k: v for k, v in plain.model_dump().items() if k not in own} == {
            k: v for k, v in usual.model_dump().items() if k not in own
        }
        assert [row["id"] for row in rows] == [plain.id, usual.id]
        assert [row["uuid"] for row in rows] == [plain.uuid, usual.uuid]


def test_inserted_row_is_tracked_for_changes(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.owner) as uow:
        row = row_inserts.insert_row(uow, row_inserts.build_row(Ticket, **columns(uow, cast, 1)))
        assert uow.session.get(Ticket, row.id) is row
        assert not uow.session.dirty
        with changing(uow, row):
            row.title = "Another lamp"
    with uow_for(cast.owner, writes=False) as uow:
        assert uow.connection.execute(ticket_table.select()).one().title == "Another lamp"


def test_what_is_set_before_it_is_kept_is_written_with_it(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.owner) as uow:
        row = row_inserts.build_row(Ticket, **columns(uow, cast, 1))
        row.sla_next_at = uow.now
        row_inserts.insert_row(uow, row)
        kept = uow.connection.execute(ticket_table.select()).one()
        assert (kept.sla_next_at, kept.version, kept.comments_count) == (uow.now, 1, 0)

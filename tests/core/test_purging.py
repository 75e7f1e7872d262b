"""A purged ticket leaves nothing behind but its numbers, which nobody gets again."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from tests.cast import MORNING, Cast, DeskFor
from tests.core import samples
from tests.core.conftest import FileTicket
from ticket_app.core.attachments import attachments
from ticket_app.core.conversation import commenting
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.errors import Forbidden, NotFound
from ticket_app.core.platform.storage import file_store
from ticket_app.core.tickets import counters, ticket_list, trash
from ticket_app.core.tickets.ticket_list import TicketQuery
from ticket_app.core.tickets.tickets import delete_ticket, hold, mark_duplicate, restore_ticket
from ticket_app.tables import metadata


def left_of(database: Engine, ticket_id: int) -> dict[str, int]:
    """How many rows of each table still belong to a ticket."""
    with database.connect() as connection:
        return {
            table.name: len(rows)
            for table in metadata.tables.values()
            if "ticket_id" in table.c
            and (
                rows := connection.execute(
                    select(table.c.ticket_id).where(table.c.ticket_id == ticket_id)
                ).all()
            )
        }


def test_it_works(
    database: Engine, desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, tmp_path: Path
) -> None:
    gone, kept = file_ticket(tags=["lamp"]), file_ticket()
    path = tmp_path / "a.png"
    path.write_bytes(samples.png())
    examined = attachments.examine(cast.owner, path, "a.png", now=MORNING)
    with desk_for(cast.agent) as desk:
        ticket = hold(desk, gone)
        commenting.comment(desk, ticket, "zebra")
        attachments.attach(desk, ticket, examined)
        mark_duplicate(desk, hold(desk, kept), gone)
        numbers = (ticket_numbers.key(ticket), ticket_numbers.day_key(ticket))
        delete_ticket(desk, ticket)
    assert left_of(database, gone)
    with desk_for(cast.admin) as desk:
        trash.purge(desk, gone)
    assert left_of(database, gone) == {}
    assert left_of(database, kept)
    with pytest.raises(NotFound):
        file_store().size(examined.storage_key)
    with desk_for(cast.admin) as desk:
        assert hold(desk, kept).duplicate_of_id is None
        assert trash.deleted(desk) == []
        assert counters.totals(desk).total == 1
        assert ticket_list.count(desk, TicketQuery(search="zebra")) == 0
        for again in (trash.purge, restore_ticket):
            with pytest.raises(NotFound):
                again(desk, gone)
    later = file_ticket()
    assert later > kept
    with desk_for(cast.admin) as desk:
        ticket = hold(desk, later)
        assert ticket_numbers.key(ticket) not in numbers
        assert ticket_numbers.day_key(ticket) not in numbers


def test_only_admins_and_only_from_the_trash(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with desk_for(cast.admin) as desk, pytest.raises(NotFound):
        trash.purge(desk, ticket_id)
    with desk_for(cast.agent) as desk:
        delete_ticket(desk, hold(desk, ticket_id))
    for actor in (cast.owner, cast.agent, cast.manager):
        with desk_for(actor) as desk, pytest.raises(Forbidden):
            trash.purge(desk, ticket_id)
    with desk_for(cast.admin) as desk:
        assert restore_ticket(desk, ticket_id).id == ticket_id

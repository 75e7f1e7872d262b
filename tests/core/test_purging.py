"""A purged ticket leaves nothing behind but its numbers, which nobody gets again."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from tests.cast import MORNING, Cast, UowFor
from tests.core import samples
from tests.core.conftest import FileTicket
from ticket_app.core.attachments import attachments, uploading
from ticket_app.core.conversation import commenting
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.errors import Forbidden, NotFound
from ticket_app.core.platform.storage import file_storage
from ticket_app.core.tickets import counters, purging, ticket_list, trash
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.status_changes import mark_duplicate
from ticket_app.core.tickets.ticket_query import TicketQuery
from ticket_app.core.tickets.trash import delete_ticket, restore_ticket
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


def test_purged_ticket_leaves_only_its_numbers(
    database: Engine, uow_for: UowFor, cast: Cast, file_ticket: FileTicket, tmp_path: Path
) -> None:
    gone, kept = file_ticket(tags=["lamp"]), file_ticket()
    path = tmp_path / "a.png"
    path.write_bytes(samples.png())
    examined = uploading.count_check_and_store(cast.owner, path, "a.png", now=MORNING)
    with uow_for(cast.agent) as uow:
        ticket = lock_ticket(uow, gone)
        commenting.add_comment(uow, ticket, "zebra")
        attachments.attach(uow, ticket, examined)
        mark_duplicate(uow, lock_ticket(uow, kept), gone)
        numbers = (ticket_numbers.format_key(ticket), ticket_numbers.format_bmasia_number(ticket))
        delete_ticket(uow, ticket)
    assert left_of(database, gone)
    with uow_for(cast.admin) as uow:
        purging.purge(uow, gone)
    assert left_of(database, gone) == {}
    assert left_of(database, kept)
    with pytest.raises(NotFound):
        file_storage().size(examined.storage_key)
    with uow_for(cast.admin) as uow:
        assert lock_ticket(uow, kept).duplicate_of_id is None
        assert trash.list_deleted(uow) == []
        assert counters.count_all_tickets(uow).total == 1
        assert ticket_list.count_tickets(uow, TicketQuery(search="zebra")) == 0
        for again in (purging.purge, restore_ticket):
            with pytest.raises(NotFound):
                again(uow, gone)
    later = file_ticket()
    assert later > kept
    with uow_for(cast.admin) as uow:
        ticket = lock_ticket(uow, later)
        assert ticket_numbers.format_key(ticket) not in numbers
        assert ticket_numbers.format_bmasia_number(ticket) not in numbers


def test_only_admins_and_only_from_the_trash(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.admin) as uow, pytest.raises(NotFound):
        purging.purge(uow, ticket_id)
    with uow_for(cast.agent) as uow:
        delete_ticket(uow, lock_ticket(uow, ticket_id))
    for actor in (cast.owner, cast.agent, cast.manager):
        with uow_for(actor) as uow, pytest.raises(Forbidden):
            purging.purge(uow, ticket_id)
    with uow_for(cast.admin) as uow:
        assert restore_ticket(uow, ticket_id).id == ticket_id

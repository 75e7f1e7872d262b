"""Actions of staff: duplicates, assignment, changing fields, finding people, undoing deletions."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.people import directory
from ticket_app.core.people.registration import add_requester
from ticket_app.core.platform.errors import (
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    NotFound,
    VersionConflict,
)
from ticket_app.core.platform.ticket_numbers import format_key
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.tickets import (
    assigning,
    editing,
    locking,
    related,
    status_changes,
    tags,
    ticket_lookup,
    trash,
)
from ticket_app.core.tickets.related import Relation
from ticket_app.core.timeline import timeline


def test_a_duplicate_points_to_its_original_and_both_ways_are_recorded(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    first, second = file_ticket(), file_ticket(by=cast.stranger)
    with uow_for(cast.agent) as uow:
        ticket = locking.lock_ticket(uow, second)
        status_changes.mark_duplicate(uow, ticket, format_key(locking.lock_ticket(uow, first)))
        assert (ticket.status, ticket.duplicate_of_id) == (Status.DUPLICATE, first)
    with uow_for(cast.agent, writes=False) as uow:
        original = ticket_lookup.read_ticket(uow, first)
        found = [(one.relation, one.ticket.id) for one in related.list_related(uow, original)]
        assert found == [(Relation.DUPLICATE, second)]
        changes = {line.field: line.new_id for line in timeline.list_entries(uow, second)}
        assert changes["duplicate_of"] == first
    with uow_for(cast.stranger, writes=False) as uow:
        assert "duplicate_of" not in {line.field for line in timeline.list_entries(uow, second)}


def test_duplicate_of_a_duplicate_points_to_the_first_ticket(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    first, second, third = file_ticket(), file_ticket(), file_ticket()
    with uow_for(cast.agent) as uow:
        status_changes.mark_duplicate(uow, locking.lock_ticket(uow, second), first)
        ticket = locking.lock_ticket(uow, third)
        status_changes.mark_duplicate(uow, ticket, second)
        assert ticket.duplicate_of_id == first
        for wrong in (third, first, "BUG-999", "what"):
            with pytest.raises(Invalid):
                status_changes.mark_duplicate(
                    uow, locking.lock_ticket(uow, third if wrong == third else first), wrong
                )


def test_reopening_a_duplicate_lets_go_of_the_original(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    first, second = file_ticket(), file_ticket()
    with uow_for(cast.agent) as uow:
        ticket = locking.lock_ticket(uow, second)
        status_changes.mark_duplicate(uow, ticket, first)
        status_changes.change_status(uow, ticket, Status.OPEN)
        assert ticket.duplicate_of_id is None


def test_two_agents_cannot_both_win_a_ticket(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        ticket = locking.lock_ticket(uow, ticket_id)
        seen = ticket.version
        assigning.assign(uow, ticket, cast.agent.id)
    with uow_for(cast.manager) as uow:
        ticket = locking.lock_ticket(uow, ticket_id)
        with pytest.raises(Conflict, match="Agnes Hale has taken"):
            locking.ensure_version(uow, ticket, seen)
        assert ticket.assignee_id == cast.agent.id


def test_a_field_changed_meanwhile_is_not_written_over(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        editing.edit(uow, locking.lock_ticket(uow, ticket_id), {"admin_feedback": "Planned"})
    with uow_for(cast.manager) as uow:
        ticket = locking.lock_ticket(uow, ticket_id)
        locking.ensure_fields_unchanged(ticket, {"admin_feedback": "Planned"})
        with pytest.raises(VersionConflict):
            locking.ensure_fields_unchanged(ticket, {"admin_feedback": None})


def test_company_and_department_are_changed_on_the_record(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        company = directory.search_companies(uow, "salt")[0]
        ticket = locking.lock_ticket(uow, ticket_id)
        editing.set_company(uow, ticket, company.id)
        with pytest.raises(Invalid):
            editing.set_department(uow, ticket, 999)
        line = timeline.list_creation_and_field_changes(uow, ticket_id, "company")[-1]
        assert (line.new_value, line.new_id) == ("Saltmarsh", company.id)
    with uow_for(cast.owner) as uow, pytest.raises(Forbidden):
        editing.set_company(uow, locking.lock_ticket(uow, ticket_id), None)


def test_the_address_book_is_for_staff_and_finds_by_beginnings(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    file_ticket(tags=["printer", "print-server", "lamp"])
    with uow_for(cast.agent, writes=False) as uow:
        assert [row.username for row in directory.search_people(uow, "Own")] == ["owner"]
        assert [row.username for row in directory.search_people(uow, "cole")] == ["colleague"]
        assert directory.search_people(uow, "%") == []
        assert [row.name for row in directory.search_companies(uow, "")] == [
            "Lanternworks",
            "Saltmarsh",
        ]
        assert tags.find_tags(uow, "prin") == ["print-server", "printer"]
    with uow_for(cast.owner, writes=False) as uow:
        for look in (directory.search_people, directory.search_companies, tags.find_tags):
            with pytest.raises(Forbidden):
                look(uow, "a")


def test_one_can_take_back_ones_own_deletion_for_a_while(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, clock: Clock
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        trash.delete_ticket(uow, locking.lock_ticket(uow, ticket_id))
    with uow_for(cast.manager) as uow, pytest.raises(NotFound):
        trash.undo_delete(uow, ticket_id)
    with uow_for(cast.admin, writes=False) as uow:
        assert [(row.id, row.deleted_by) for row in trash.list_deleted(uow)] == [
            (ticket_id, "Agnes Hale")
        ]
    with uow_for(cast.agent) as uow:
        with pytest.raises(Forbidden):
            trash.list_deleted(uow)
        assert trash.undo_delete(uow, ticket_id).deleted_at is None
        trash.delete_ticket(uow, locking.lock_ticket(uow, ticket_id))
    clock.forward(minutes=11)
    with uow_for(cast.agent) as uow, pytest.raises(NotFound):
        trash.undo_delete(uow, ticket_id)


def test_staff_makes_a_requester_known_and_nobody_else_does(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.agent) as uow:
        person = add_requester(
            uow, name="Nora Neumann-Ziegler", email="nora@example.org", company_id=2
        )
        assert (person.username, person.last_name, person.role) == (
            "nora",
            "Neumann-Ziegler",
            "user",
        )
        with pytest.raises(Conflict):
            add_requester(uow, name="Nora", email="Nora@example.org")
        with pytest.raises(Invalid):
            add_requester(uow, name="Nora", email="not an address")
    with uow_for(cast.owner) as uow, pytest.raises(Forbidden):
        add_requester(uow, name="Mallory", email="mallory@example.org")


def test_marking_both_ways_at_once_ends_as_one(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    first, second = file_ticket(), file_ticket()
    both_hold = Barrier(2)

    def mark(pair: tuple[int, int]) -> bool:
        with suppress(DomainError):
            with uow_for(cast.agent) as uow:
                ticket = locking.lock_ticket(uow, pair[0])
                # On SQLite only one can; the other waits for its turn.
                with suppress(BrokenBarrierError):
                    both_hold.wait(0 if uow.is_sqlite else 5)
                status_changes.mark_duplicate(uow, ticket, pair[1])
            return True
        return False

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(mark, [(first, second), (second, first)])) == [False, True]
    with uow_for(cast.agent) as uow:
        duplicate_of_ids = [
            locking.lock_ticket(uow, one).duplicate_of_id for one in (first, second)
        ]
    assert duplicate_of_ids.count(None) == 1

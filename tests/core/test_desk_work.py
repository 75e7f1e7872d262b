"""What the desk's pages need of the core: duplicates, handing over, looking up, the trash."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest

from tests.cast import Cast, Clock, DeskFor
from tests.core.conftest import FileTicket
from ticket_app.core.people import directory, profiles
from ticket_app.core.platform.errors import Conflict, DeskError, Forbidden, Invalid, NotFound, Stale
from ticket_app.core.platform.ticket_numbers import key
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.tickets import tags, ticket_list, tickets, trash
from ticket_app.core.timeline import timeline


def test_a_duplicate_points_to_its_original_and_both_ways_are_recorded(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    first, second = file_ticket(), file_ticket(by=cast.stranger)
    with desk_for(cast.agent) as desk:
        ticket = tickets.hold(desk, second)
        tickets.mark_duplicate(desk, ticket, key(tickets.hold(desk, first)))
        assert (ticket.status, ticket.duplicate_of_id) == (Status.DUPLICATE, first)
    with desk_for(cast.agent, writes=False) as desk:
        assert [row.id for row in ticket_list.duplicates_of(desk, first)] == [second]
        told = {line.field: line.new_id for line in timeline.lines(desk, second)}
        assert told["duplicate_of"] == first
    with desk_for(cast.stranger, writes=False) as desk:
        assert "duplicate_of" not in {line.field for line in timeline.lines(desk, second)}


def test_a_duplicate_of_a_duplicate_stands_for_the_first(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    first, second, third = file_ticket(), file_ticket(), file_ticket()
    with desk_for(cast.agent) as desk:
        tickets.mark_duplicate(desk, tickets.hold(desk, second), first)
        ticket = tickets.hold(desk, third)
        tickets.mark_duplicate(desk, ticket, second)
        assert ticket.duplicate_of_id == first
        for wrong in (third, first, "BUG-999", "what"):
            with pytest.raises(Invalid):
                tickets.mark_duplicate(
                    desk, tickets.hold(desk, third if wrong == third else first), wrong
                )


def test_reopening_a_duplicate_lets_go_of_the_original(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    first, second = file_ticket(), file_ticket()
    with desk_for(cast.agent) as desk:
        ticket = tickets.hold(desk, second)
        tickets.mark_duplicate(desk, ticket, first)
        tickets.change_status(desk, ticket, Status.OPEN)
        assert ticket.duplicate_of_id is None


def test_two_agents_cannot_both_win_a_ticket(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with desk_for(cast.agent) as desk:
        ticket = tickets.hold(desk, ticket_id)
        seen = ticket.version
        tickets.assign(desk, ticket, cast.agent.id)
    with desk_for(cast.manager) as desk:
        ticket = tickets.hold(desk, ticket_id)
        with pytest.raises(Conflict, match="Agnes Hale has taken"):
            tickets.expect_seen(desk, ticket, seen)
        assert ticket.assignee_id == cast.agent.id


def test_a_field_changed_meanwhile_is_not_written_over(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with desk_for(cast.agent) as desk:
        tickets.edit(desk, tickets.hold(desk, ticket_id), {"admin_feedback": "Planned"})
    with desk_for(cast.manager) as desk:
        ticket = tickets.hold(desk, ticket_id)
        tickets.expect_unchanged(ticket, {"admin_feedback": "Planned"})
        with pytest.raises(Stale):
            tickets.expect_unchanged(ticket, {"admin_feedback": None})


def test_company_and_department_are_changed_on_the_record(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with desk_for(cast.agent) as desk:
        company = directory.companies(desk, "salt")[0]
        ticket = tickets.hold(desk, ticket_id)
        tickets.set_company(desk, ticket, company.id)
        with pytest.raises(Invalid):
            tickets.set_department(desk, ticket, 999)
        line = timeline.changes_of(desk, ticket_id, "company")[-1]
        assert (line.new_value, line.new_id) == ("Saltmarsh", company.id)
    with desk_for(cast.owner) as desk, pytest.raises(Forbidden):
        tickets.set_company(desk, tickets.hold(desk, ticket_id), None)


def test_the_address_book_is_for_staff_and_finds_by_beginnings(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    file_ticket(tags=["printer", "print-server", "lamp"])
    with desk_for(cast.agent, writes=False) as desk:
        assert [row.username for row in directory.people(desk, "Own")] == ["owner"]
        assert [row.username for row in directory.people(desk, "cole")] == ["colleague"]
        assert directory.people(desk, "%") == []
        assert [row.name for row in directory.companies(desk, "")] == ["Lanternworks", "Saltmarsh"]
        assert tags.find(desk, "prin") == ["print-server", "printer"]
    with desk_for(cast.owner, writes=False) as desk:
        for look in (directory.people, directory.companies, tags.find):
            with pytest.raises(Forbidden):
                look(desk, "a")


def test_one_can_take_back_ones_own_deletion_for_a_while(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, clock: Clock
) -> None:
    ticket_id = file_ticket()
    with desk_for(cast.agent) as desk:
        tickets.delete_ticket(desk, tickets.hold(desk, ticket_id))
    with desk_for(cast.manager) as desk, pytest.raises(NotFound):
        tickets.undo_delete(desk, ticket_id)
    with desk_for(cast.admin, writes=False) as desk:
        assert [(row.id, row.deleted_by) for row in trash.deleted(desk)] == [
            (ticket_id, "Agnes Hale")
        ]
    with desk_for(cast.agent) as desk:
        with pytest.raises(Forbidden):
            trash.deleted(desk)
        assert tickets.undo_delete(desk, ticket_id).deleted_at is None
        tickets.delete_ticket(desk, tickets.hold(desk, ticket_id))
    clock.forward(minutes=11)
    with desk_for(cast.agent) as desk, pytest.raises(NotFound):
        tickets.undo_delete(desk, ticket_id)


def test_staff_makes_a_requester_known_and_nobody_else_does(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.agent) as desk:
        person = profiles.add_requester(
            desk, name="Nora Neumann-Ziegler", email="nora@example.org", company_id=2
        )
        assert (person.username, person.last_name, person.role) == (
            "nora",
            "Neumann-Ziegler",
            "user",
        )
        with pytest.raises(Conflict):
            profiles.add_requester(desk, name="Nora", email="Nora@example.org")
        with pytest.raises(Invalid):
            profiles.add_requester(desk, name="Nora", email="not an address")
    with desk_for(cast.owner) as desk, pytest.raises(Forbidden):
        profiles.add_requester(desk, name="Mallory", email="mallory@example.org")


def test_marking_both_ways_at_once_ends_as_one(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    first, second = file_ticket(), file_ticket()
    both_hold = Barrier(2)

    def mark(pair: tuple[int, int]) -> bool:
        with suppress(DeskError):
            with desk_for(cast.agent) as desk:
                ticket = tickets.hold(desk, pair[0])
                # On SQLite only one can; the other waits for its turn.
                with suppress(BrokenBarrierError):
                    both_hold.wait(0 if desk.is_sqlite else 5)
                tickets.mark_duplicate(desk, ticket, pair[1])
            return True
        return False

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(mark, [(first, second), (second, first)])) == [False, True]
    with desk_for(cast.agent) as desk:
        stand_for = [tickets.hold(desk, one).duplicate_of_id for one in (first, second)]
    assert stand_for.count(None) == 1

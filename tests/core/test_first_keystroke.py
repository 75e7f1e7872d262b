"""The first keystroke of a reply assigns an unassigned ticket, if the writer chose so."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import Engine

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.people import profiles
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Conflict, Forbidden, VersionConflict
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.tickets import bulk, editing, first_keystroke, locking, ticket_lookup
from ticket_app.core.tickets.bulk import ExpectedState
from ticket_app.core.tickets.first_keystroke import assign_on_first_keystroke
from ticket_app.core.tickets.tags import merge_tag_changes


def test_unassigned_ticket_goes_to_the_writer_and_the_assignment_can_be_undone(
    cast: Cast, uow_for: UowFor, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        first = assign_on_first_keystroke(uow, ticket_id)
        assert ticket_lookup.read_ticket(uow, ticket_id).assignee_id == cast.agent.id
    assert first.step
    assert not first.taken_by
    with uow_for(cast.agent) as uow:
        assert bulk.undo_steps(uow, [first.step]).ticket_keys == [first.ticket_key]
    with uow_for(cast.agent) as uow:
        assert ticket_lookup.read_ticket(uow, ticket_id).assignee_id is None


def test_assigned_ticket_stays_with_its_assignee_who_is_named(
    cast: Cast, uow_for: UowFor, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    for actor, taken_by in ((cast.manager, ""), (cast.agent, "Manny Gere"), (cast.manager, "")):
        with uow_for(actor) as uow:
            assert assign_on_first_keystroke(uow, ticket_id).taken_by == taken_by
    with uow_for(cast.agent) as uow:
        assert ticket_lookup.read_ticket(uow, ticket_id).assignee_id == cast.manager.id


def test_of_two_first_keystrokes_only_one_wins_and_the_other_learns_who(
    cast: Cast, clock: Clock, database: Engine, file_ticket: FileTicket
) -> None:
    ticket_id, start, results = file_ticket(), threading.Barrier(2), {}

    def write(actor: Actor) -> None:
        start.wait()
        with open_unit_of_work(writes=True, actor=actor, clock=clock, bind=database) as uow:
            results[actor.username] = assign_on_first_keystroke(uow, ticket_id)

    threads = [threading.Thread(target=write, args=(one,)) for one in (cast.agent, cast.manager)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [name for name, first in results.items() if first.step]
    assert len(winners) == 1
    loser = next(first for name, first in results.items() if name not in winners)
    assert loser.taken_by in ("Agnes Hale", "Manny Gere")


def test_choice_is_off_by_default_and_for_staff_only(cast: Cast, uow_for: UowFor) -> None:
    def is_chosen() -> bool:
        with uow_for(cast.agent, writes=False) as uow:
            return first_keystroke.is_chosen(profiles.get_own_person(uow).preferences)

    assert not is_chosen()
    for is_on in (True, False):
        with uow_for(cast.agent) as uow:
            first_keystroke.set_own_choice(uow, is_on)
        assert is_chosen() is is_on
    with uow_for(cast.owner) as uow, pytest.raises(Forbidden):
        first_keystroke.set_own_choice(uow, True)


@pytest.mark.parametrize(
    ("current", "seen", "wanted", "merged"),
    [
        (["lamp", "urgent"], ["lamp"], ["lamp", "hall"], ["lamp", "urgent", "hall"]),
        (["lamp"], ["lamp", "hall"], ["hall", "lamp", "new"], ["lamp", "new"]),
        (["lamp", "hall"], ["lamp", "hall"], ["Hall"], ["hall"]),
        ([], ["lamp"], [], []),
        (["Hall"], [], ["hall"], ["Hall"]),
    ],
)
def test_tags_of_two_people_are_merged_as_sets(
    current: list[str], seen: list[str], wanted: list[str], merged: list[str]
) -> None:
    assert merge_tag_changes(current, seen, wanted) == merged


def test_only_a_change_of_the_same_field_is_a_conflict(
    cast: Cast, uow_for: UowFor, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent, writes=False) as uow:
        row = ticket_lookup.read_ticket(uow, ticket_id)
    with uow_for(cast.manager) as uow:
        ticket = locking.lock_ticket(uow, ticket_id)
        editing.edit(uow, ticket, {"priority": "high"})

    def change(column: str, value: object) -> None:
        seen = ExpectedState(row.version, values={column: getattr(row, column)})
        with uow_for(cast.agent) as uow:
            bulk.change_ticket(
                uow, ticket_id, seen, lambda uow, ticket: editing.edit(uow, ticket, {column: value})
            )

    change("severity", "major")
    with pytest.raises(VersionConflict, match="changed the priority of"):
        change("priority", "low")
    with uow_for(cast.manager) as uow:
        assign_on_first_keystroke(uow, ticket_id)
    seen = ExpectedState(row.version, values={"assignee_id": None})
    with uow_for(cast.agent) as uow, pytest.raises(Conflict, match="Manny Gere has taken"):
        bulk.change_ticket(uow, ticket_id, seen, lambda uow, ticket: None)

"""Live updates learn of each line once, whatever order it was committed in."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from tests.cast import Cast, DeskFor
from tests.core.conftest import FileTicket
from ticket_app.core.conversation.commenting import comment
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.tickets.tickets import TicketDraft, change_status, hold, open_ticket
from ticket_app.core.timeline.live_changes import MOST_LINES, Change, Tail


@pytest.fixture
def read(desk_for: DeskFor):
    """Reads a tail as one process does."""

    def turn(tail: Tail) -> list[Change]:
        with desk_for(None, writes=False) as desk:
            return tail.read(desk)

    return turn


def test_it_works(desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, read) -> None:
    ticket_id = file_ticket()
    tail, late = Tail(), Tail()
    assert read(tail) == []
    assert read(tail) == []
    with desk_for(cast.agent) as desk:
        ticket = hold(desk, ticket_id)
        comment(desk, ticket, "Hm", internal=True)
        change_status(desk, ticket, Status.OPEN)
    changes = read(tail)
    assert [(change.kind, change.is_internal) for change in changes] == [
        ("comment", True),
        ("change", False),
    ]
    assert {(change.ticket_id, change.requester_id, change.actor_id) for change in changes} == {
        (ticket_id, cast.owner.id, cast.agent.id)
    }
    assert read(tail) == []
    assert read(late) == read(late) == []


def test_the_first_line_ever_is_told(file_ticket: FileTicket, read) -> None:
    tail = Tail()
    assert read(tail) == []
    file_ticket()
    assert [change.kind for change in read(tail)] == ["created"]


def test_what_was_rolled_back_is_not_told(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, read
) -> None:
    tail = Tail()
    read(tail)

    def file_and_fail() -> None:
        with desk_for(cast.owner) as desk:
            open_ticket(desk, TicketDraft("Lamp", "Dark"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        file_and_fail()
    assert read(tail) == []


def test_a_flood_is_told_whole_and_once(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, read
) -> None:
    ticket_id = file_ticket()
    tail = Tail()
    read(tail)
    with desk_for(cast.agent) as desk:
        ticket = hold(desk, ticket_id)
        ids = [comment(desk, ticket, f"{n}") for n in range(2 * MOST_LINES + 50)]
    told: list[int] = []
    while changes := read(tail):
        told += [change.entry_id for change in changes]
    assert told == ids


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_line_committed_late_is_told_late(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, read
) -> None:
    first, second = file_ticket(), file_ticket(cast.stranger)
    tail = Tail()
    read(tail)
    with ExitStack() as slow:
        desk = slow.enter_context(desk_for(cast.agent))
        late = comment(desk, hold(desk, first), "I began earlier")
        with desk_for(cast.agent) as quick:
            early = comment(quick, hold(quick, second), "and was overtaken")
        assert early > late
        assert [change.entry_id for change in read(tail)] == [early]
    assert [change.entry_id for change in read(tail)] == [late]
    assert read(tail) == []

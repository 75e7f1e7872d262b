"""Live updates report each timeline entry once, in whatever order entries are committed."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from tests.cast import Cast, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.conversation.commenting import add_comment
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.tickets.editing import set_company
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.opening import TicketDraft, open_ticket
from ticket_app.core.tickets.status_changes import change_status
from ticket_app.core.timeline.live_changes import MAX_ENTRIES, TimelineChange, TimelineTail


@pytest.fixture
def read(uow_for: UowFor):
    """Reads a tail as one process does."""

    def turn(tail: TimelineTail) -> list[TimelineChange]:
        with uow_for(None, writes=False) as uow:
            return tail.read_changes(uow)

    return turn


def test_each_committed_entry_is_reported_once(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, read
) -> None:
    ticket_id = file_ticket()
    tail, late = TimelineTail(), TimelineTail()
    assert read(tail) == []
    assert read(tail) == []
    with uow_for(cast.agent) as uow:
        ticket = lock_ticket(uow, ticket_id)
        add_comment(uow, ticket, "Hm", internal=True)
        change_status(uow, ticket, Status.OPEN)
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


def test_change_names_the_company_and_the_one_before(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, read
) -> None:
    ticket_id = file_ticket()
    tail = TimelineTail()
    read(tail)
    for company_id in (2, None):
        with uow_for(cast.agent) as uow:
            set_company(uow, lock_ticket(uow, ticket_id), company_id)
        assert [change.company_ids for change in read(tail)] == [
            frozenset({1, 2}) if company_id else frozenset({2})
        ]


def test_first_entry_ever_is_reported(file_ticket: FileTicket, read) -> None:
    tail = TimelineTail()
    assert read(tail) == []
    file_ticket()
    assert [change.kind for change in read(tail)] == ["created"]


def test_rolled_back_change_is_not_reported(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, read
) -> None:
    tail = TimelineTail()
    read(tail)

    def file_and_fail() -> None:
        with uow_for(cast.owner) as uow:
            open_ticket(uow, TicketDraft("Lamp", "Dark"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        file_and_fail()
    assert read(tail) == []


def test_many_changes_are_reported_completely_and_once(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, read
) -> None:
    ticket_id = file_ticket()
    tail = TimelineTail()
    read(tail)
    with uow_for(cast.agent) as uow:
        ticket = lock_ticket(uow, ticket_id)
        ids = [add_comment(uow, ticket, f"{n}") for n in range(2 * MAX_ENTRIES + 50)]
    received: list[int] = []
    while changes := read(tail):
        received += [change.entry_id for change in changes]
    assert received == ids


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_entry_committed_late_is_still_reported(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, read
) -> None:
    first, second = file_ticket(), file_ticket(cast.stranger)
    tail = TimelineTail()
    read(tail)
    with ExitStack() as slow:
        uow = slow.enter_context(uow_for(cast.agent))
        late = add_comment(uow, lock_ticket(uow, first), "I began earlier")
        with uow_for(cast.agent) as quick:
            early = add_comment(quick, lock_ticket(quick, second), "and was overtaken")
        assert early > late
        assert [change.entry_id for change in read(tail)] == [early]
    assert [change.entry_id for change in read(tail)] == [late]
    assert read(tail) == []

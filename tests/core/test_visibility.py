"""What one may not see looks exactly like what is not there, through every door of the core."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.cast import Cast, Clock, DeskFor
from tests.core import samples
from tests.core.conftest import FileTicket
from ticket_app.core.attachments import attachments
from ticket_app.core.conversation import commenting
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.errors import DeskError, Forbidden, NotFound, Unauthenticated
from ticket_app.core.platform.paging import Slice
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Kind, Status
from ticket_app.core.tickets import counters, tags, ticket_list
from ticket_app.core.tickets.ticket_list import TicketQuery
from ticket_app.core.tickets.tickets import (
    TicketDraft,
    delete_ticket,
    hold,
    open_ticket,
    reopen,
    restore_ticket,
)
from ticket_app.core.timeline import timeline

SEES = {
    "owner": True,
    "colleague": False,
    "stranger": False,
    "agent": True,
    "manager": True,
    "admin": True,
}
STAFF = {"agent", "manager", "admin"}


class Shown:
    """The owner's ticket with a public and an internal side."""

    def __init__(self, desk: Desk, ticket_id: int, files: dict[str, UUID]) -> None:
        ticket = hold(desk, ticket_id)
        self.id = ticket_id
        self.uuid = ticket.uuid
        self.files = files
        self.forms = [
            str(ticket_id),
            str(ticket.uuid),
            ticket_numbers.key(ticket),
            ticket_numbers.day_key(ticket),
            ticket_numbers.day_number(ticket),
            ticket_numbers.serial(ticket),
        ]


@pytest.fixture
def ticket(desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, tmp_path: Path) -> Shown:
    ticket_id = file_ticket(
        title="A crimson lamp", description="Walnut desk", kind=Kind.BUG, tags=["Velvet"]
    )
    path = tmp_path / "lamp.png"
    path.write_bytes(samples.png())
    files = {}
    with desk_for(cast.agent) as desk:
        held = hold(desk, ticket_id)
        commenting.comment(desk, held, "Is it amber now?")
        commenting.comment(desk, held, "Looks like indigo to me", internal=True)
        for name, internal in (("public", False), ("internal", True)):
            examined = attachments.examine(cast.agent, path, f"{name}.png", now=desk.now)
            files[name] = attachments.attach(desk, held, examined, internal=internal).uuid
    with desk_for(cast.agent) as desk:
        return Shown(desk, ticket_id, files)


READERS: dict[str, Callable[[Desk, str], Any]] = {
    "hold": lambda desk, form: hold(desk, form).id,
    "read": lambda desk, form: ticket_list.read(desk, form).id,
    "read a line": lambda desk, form: ticket_list.read(desk, form, "line").id,
}


@pytest.mark.parametrize("how", READERS)
def test_it_works(desk_for: DeskFor, cast: Cast, ticket: Shown, how: str) -> None:
    for name, actor in cast:
        for form in ticket.forms:
            with desk_for(actor) as desk:
                if SEES[name]:
                    assert READERS[how](desk, form) == ticket.id, (name, form)
                else:
                    with pytest.raises(NotFound) as foreign:
                        READERS[how](desk, form)
                    with pytest.raises(NotFound) as missing:
                        READERS[how](desk, "999")
                    assert vars(foreign.value) == vars(missing.value), (name, form)


QUERIES = [
    TicketQuery(),
    TicketQuery(kind=frozenset({Kind.BUG})),
    TicketQuery(status=frozenset({Status.NEW, Status.OPEN, Status.CLOSED})),
    TicketQuery(requester_id=1),
    TicketQuery(created_by_id=1),
    TicketQuery(company_id=1),
    TicketQuery(unassigned=True),
    TicketQuery(tags=("velvet",)),
    *(TicketQuery(sort=sort, descending=False) for sort in ticket_list.SORTS),  # type: ignore[arg-type]
]


def test_lists_and_counts_hold_what_one_sees(desk_for: DeskFor, cast: Cast, ticket: Shown) -> None:
    for name, actor in cast:
        with desk_for(actor, writes=False) as desk:
            for query in QUERIES:
                ids = [row.id for row in ticket_list.page(desk, query).rows]
                assert ids == ([ticket.id] if SEES[name] else []), (name, query)
                assert ticket_list.count(desk, query) == len(ids), (name, query)


def test_search_finds_what_one_may_read(desk_for: DeskFor, cast: Cast, ticket: Shown) -> None:
    public = ["crimson", "walnut", "velvet", "amber", *ticket.forms[1:], "1", "#1", "BUG 1"]
    for name, actor in cast:
        with desk_for(actor, writes=False) as desk:
            for words in [*public, "indigo", "crimson indigo", "ind"]:
                may = SEES[name] if words in public else name in STAFF
                query = TicketQuery(search=words)
                assert len(ticket_list.page(desk, query).rows) == may, (name, words)
                assert ticket_list.count(desk, query) == may, (name, words)


def test_nobody_sees_anything(desk_for: DeskFor, cast: Cast, ticket: Shown) -> None:
    file = ticket.files["public"]
    for attempt in (
        lambda desk: hold(desk, ticket.id),
        lambda desk: ticket_list.read(desk, ticket.id),
        lambda desk: ticket_list.page(desk, TicketQuery()),
        lambda desk: ticket_list.count(desk, TicketQuery()),
        ticket_list.count_mine_by_status,
        lambda desk: timeline.lines(desk, ticket.id),
        lambda desk: attachments.of_ticket(desk, ticket.id),
        lambda desk: attachments.fetch(desk, file),
        lambda desk: attachments.remove(desk, file),
        counters.totals,
        lambda desk: restore_ticket(desk, ticket.id),
    ):
        with desk_for(cast.nobody) as desk, pytest.raises(Unauthenticated):
            attempt(desk)


def test_the_timeline_is_read_by_audience(desk_for: DeskFor, cast: Cast, ticket: Shown) -> None:
    public = {"created", "comment", "file"}
    for name in ("owner", "agent", "manager", "admin"):
        with desk_for(getattr(cast, name), writes=False) as desk:
            lines = timeline.lines(desk, ticket.id)
            assert {line.kind for line in lines} == public
            assert len(lines) == (5 if name in STAFF else 3)
            internal = {line.audience for line in lines} - {"public"}
            assert internal == ({"internal"} if name in STAFF else set())
            assert len(timeline.comments(desk, ticket.id)) == (2 if name in STAFF else 1)
            names = {row.original_name for row in attachments.of_ticket(desk, ticket.id)}
            assert names == ({"public.png", "internal.png"} if name in STAFF else {"public.png"})


def test_files_are_fetched_by_who_may_read_them(
    desk_for: DeskFor, cast: Cast, ticket: Shown
) -> None:
    for name, actor in cast:
        for kind, file in ticket.files.items():
            may = SEES[name] and (kind == "public" or name in STAFF)
            with desk_for(actor, writes=False) as desk:
                if may:
                    content = attachments.content(attachments.fetch(desk, file))
                    assert b"".join(content) == samples.png()
                else:
                    with pytest.raises(NotFound) as foreign:
                        attachments.fetch(desk, file)
                    with pytest.raises(NotFound) as missing:
                        attachments.fetch(desk, ticket.uuid)
                    assert vars(foreign.value) == vars(missing.value)


def test_files_are_removed_by_staff_and_missed_by_others(
    desk_for: DeskFor, cast: Cast, ticket: Shown
) -> None:
    expected: dict[str, type[DeskError]] = {
        "owner": Forbidden,
        "colleague": NotFound,
        "stranger": NotFound,
    }
    for name, error in expected.items():
        with desk_for(getattr(cast, name)) as desk, pytest.raises(error):
            attachments.remove(desk, ticket.files["public"])
        with desk_for(getattr(cast, name)) as desk, pytest.raises(NotFound):
            attachments.remove(desk, ticket.files["internal"])
    with desk_for(cast.agent) as desk:
        for file in ticket.files.values():
            attachments.remove(desk, file)
    with desk_for(cast.owner) as desk:
        held = hold(desk, ticket.id)
        assert (held.attachments_count, held.internal_attachments_count) == (0, 0)
        assert "internal.png" not in str(timeline.lines(desk, ticket.id))
        assert "public.png" in str(timeline.lines(desk, ticket.id))
    with desk_for(cast.agent) as desk:
        assert "internal.png" in str(timeline.lines(desk, ticket.id))
        for file in ticket.files.values():
            with pytest.raises(NotFound):
                attachments.fetch(desk, file)


def test_what_lies_in_the_trash_is_gone_for_everybody(
    desk_for: DeskFor, cast: Cast, ticket: Shown
) -> None:
    with desk_for(cast.agent) as desk:
        delete_ticket(desk, hold(desk, ticket.id))
    for _, actor in cast:
        with desk_for(actor) as desk:
            for form in ticket.forms:
                with pytest.raises(NotFound):
                    hold(desk, form)
                with pytest.raises(NotFound):
                    ticket_list.read(desk, form)
                assert ticket_list.count(desk, TicketQuery(search=form)) == 0
            assert ticket_list.count(desk, TicketQuery()) == 0
            assert ticket_list.count_mine_by_status(desk) == {}
            with pytest.raises(NotFound):
                attachments.fetch(desk, ticket.files["public"])
            with pytest.raises(NotFound):
                attachments.remove(desk, ticket.files["public"])


def test_the_trash_is_emptied_by_an_admin_only(
    desk_for: DeskFor, cast: Cast, clock: Clock, ticket: Shown
) -> None:
    with desk_for(cast.owner) as desk, pytest.raises(Forbidden):
        delete_ticket(desk, hold(desk, ticket.id))
    with desk_for(cast.agent) as desk:
        delete_ticket(desk, hold(desk, ticket.id))
        assert counters.totals(desk).total == 0
    for actor in (cast.owner, cast.stranger, cast.agent, cast.manager):
        with desk_for(actor) as desk, pytest.raises(Forbidden):
            restore_ticket(desk, ticket.id)
    clock.forward(minutes=1)
    with desk_for(cast.admin) as desk:
        with pytest.raises(NotFound):
            restore_ticket(desk, 999)
        with pytest.raises(NotFound):
            restore_ticket(desk, "no such thing")
        assert restore_ticket(desk, ticket.forms[2]).id == ticket.id
    with desk_for(cast.owner) as desk:
        held = hold(desk, ticket.id)
        assert (held.deleted_at, held.deleted_by_id, held.updated_at) == (None, None, clock.now)
        assert [line.kind for line in timeline.lines(desk, ticket.id)][-2:] == [
            "deleted",
            "restored",
        ]
        assert ticket_list.count(desk, TicketQuery(search="crimson")) == 1
    with desk_for(cast.admin) as desk:
        assert counters.totals(desk).by_status == {"new": 1}
        with pytest.raises(NotFound):
            restore_ticket(desk, ticket.id)


def test_counts_of_the_whole_desk_are_for_staff(
    desk_for: DeskFor, cast: Cast, ticket: Shown
) -> None:
    for name, actor in cast:
        with desk_for(actor, writes=False) as desk:
            if name in STAFF:
                assert counters.totals(desk).total == 1
            else:
                with pytest.raises(Forbidden):
                    counters.totals(desk)
            mine = {Status.NEW: 1} if name == "owner" else {}
            assert ticket_list.count_mine_by_status(desk) == mine


def test_a_tag_of_one_person_is_suggested_to_nobody(
    desk_for: DeskFor, cast: Cast, ticket: Shown, file_ticket: FileTicket
) -> None:
    with desk_for(cast.stranger, writes=False) as desk:
        assert "Velvet" not in tags.suggest(desk, Kind.BUG, "api")
    file_ticket(cast.colleague, kind=Kind.BUG, tags=["velvet"])
    with desk_for(cast.stranger, writes=False) as desk:
        assert tags.suggest(desk, Kind.BUG, "api")[0] == "Velvet"
        assert tags.suggest(desk, Kind.BUG, "user_interface", most=3) == [
            "Velvet",
            "user-interface",
            "regression",
        ]


def test_the_owners_colleague_does_not_reopen_it(
    desk_for: DeskFor, cast: Cast, ticket: Shown
) -> None:
    with desk_for(cast.owner) as desk:
        held = hold(desk, ticket.id)
    with desk_for(cast.colleague) as desk, pytest.raises(Forbidden):
        reopen(desk, held)


def test_a_scope_narrows_what_a_role_may_do(
    desk_for: DeskFor, cast: Cast, ticket: Shown, file_ticket: FileTicket
) -> None:
    narrow = replace(cast.agent, scopes=frozenset({"view_tickets"}))
    with desk_for(narrow) as desk:
        assert not ticket_list.page(desk, TicketQuery(), Slice()).rows
        with pytest.raises(NotFound):
            hold(desk, ticket.id)
        with pytest.raises(Forbidden):
            open_ticket(desk, TicketDraft("A lamp", "Dark"))

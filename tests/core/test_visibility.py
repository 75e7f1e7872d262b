"""Every way to read tickets shows the tickets that the access policy allows, and no others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.cast import Cast, Clock, UowFor
from tests.core import samples
from tests.core.conftest import FileTicket
from ticket_app.core.attachments import attachments, stored_files, uploading
from ticket_app.core.conversation import commenting
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.errors import DomainError, Forbidden, NotFound, Unauthenticated
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Kind, Status
from ticket_app.core.tickets import counters, list_filters, tags, ticket_list, ticket_lookup
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.opening import TicketDraft, open_ticket
from ticket_app.core.tickets.status_changes import reopen
from ticket_app.core.tickets.ticket_query import TicketQuery
from ticket_app.core.tickets.trash import delete_ticket, restore_ticket
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

    def __init__(self, uow: UnitOfWork, ticket_id: int, files: dict[str, UUID]) -> None:
        ticket = lock_ticket(uow, ticket_id)
        self.id = ticket_id
        self.uuid = ticket.uuid
        self.files = files
        self.forms = [
            str(ticket_id),
            str(ticket.uuid),
            ticket_numbers.format_key(ticket),
            ticket_numbers.format_bmasia_number(ticket),
            ticket_numbers.format_enterprise_number(ticket),
            ticket_numbers.format_ticketing_number(ticket),
        ]


@pytest.fixture
def ticket(uow_for: UowFor, cast: Cast, file_ticket: FileTicket, tmp_path: Path) -> Shown:
    ticket_id = file_ticket(
        title="A crimson lamp", description="Walnut desk", kind=Kind.BUG, tags=["Velvet"]
    )
    path = tmp_path / "lamp.png"
    path.write_bytes(samples.png())
    files = {}
    with uow_for(cast.agent) as uow:
        held = lock_ticket(uow, ticket_id)
        commenting.add_comment(uow, held, "Is it amber now?")
        commenting.add_comment(uow, held, "Looks like indigo to me", internal=True)
        for name, internal in (("public", False), ("internal", True)):
            examined = uploading.count_check_and_store(cast.agent, path, f"{name}.png", now=uow.now)
            files[name] = attachments.attach(uow, held, examined, internal=internal).uuid
    with uow_for(cast.agent) as uow:
        return Shown(uow, ticket_id, files)


READERS: dict[str, Callable[[UnitOfWork, str], Any]] = {
    "hold": lambda uow, form: lock_ticket(uow, form).id,
    "read": lambda uow, form: ticket_lookup.read_ticket(uow, form).id,
    "read a line": lambda uow, form: ticket_lookup.read_ticket(uow, form, "summary").id,
}


@pytest.mark.parametrize("how", READERS)
def test_each_way_to_read_shows_only_visible_tickets(
    uow_for: UowFor, cast: Cast, ticket: Shown, how: str
) -> None:
    for name, actor in cast:
        for form in ticket.forms:
            with uow_for(actor) as uow:
                if SEES[name]:
                    assert READERS[how](uow, form) == ticket.id, (name, form)
                else:
                    with pytest.raises(NotFound) as foreign:
                        READERS[how](uow, form)
                    with pytest.raises(NotFound) as missing:
                        READERS[how](uow, "999")
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
    *(TicketQuery(sort=sort, descending=False) for sort in list_filters.SORT_COLUMNS),  # type: ignore[arg-type]
]


def test_lists_and_counts_hold_what_one_sees(uow_for: UowFor, cast: Cast, ticket: Shown) -> None:
    for name, actor in cast:
        with uow_for(actor, writes=False) as uow:
            for query in QUERIES:
                ids = [row.id for row in ticket_list.page(uow, query).rows]
                assert ids == ([ticket.id] if SEES[name] else []), (name, query)
                assert ticket_list.count_tickets(uow, query) == len(ids), (name, query)


def test_search_finds_what_one_may_read(uow_for: UowFor, cast: Cast, ticket: Shown) -> None:
    public = ["crimson", "walnut", "velvet", "amber", *ticket.forms[1:], "1", "#1", "BUG 1"]
    for name, actor in cast:
        with uow_for(actor, writes=False) as uow:
            for words in [*public, "indigo", "crimson indigo", "ind"]:
                may = SEES[name] if words in public else name in STAFF
                query = TicketQuery(search=words)
                assert len(ticket_list.page(uow, query).rows) == may, (name, words)
                assert ticket_list.count_tickets(uow, query) == may, (name, words)


def test_nobody_sees_anything(uow_for: UowFor, cast: Cast, ticket: Shown) -> None:
    file = ticket.files["public"]
    for attempt in (
        lambda uow: lock_ticket(uow, ticket.id),
        lambda uow: ticket_lookup.read_ticket(uow, ticket.id),
        lambda uow: ticket_list.page(uow, TicketQuery()),
        lambda uow: ticket_list.count_tickets(uow, TicketQuery()),
        ticket_list.count_own_by_status,
        lambda uow: timeline.list_entries(uow, ticket.id),
        lambda uow: stored_files.list_ticket_files(uow, ticket.id),
        lambda uow: stored_files.get_downloadable_file(uow, file),
        lambda uow: attachments.remove_file(uow, file),
        counters.count_all_tickets,
        lambda uow: restore_ticket(uow, ticket.id),
    ):
        with uow_for(cast.nobody) as uow, pytest.raises(Unauthenticated):
            attempt(uow)


def test_the_timeline_is_read_by_audience(uow_for: UowFor, cast: Cast, ticket: Shown) -> None:
    public = {"created", "comment", "file"}
    for name in ("owner", "agent", "manager", "admin"):
        with uow_for(getattr(cast, name), writes=False) as uow:
            lines = timeline.list_entries(uow, ticket.id)
            assert {line.kind for line in lines} == public
            assert len(lines) == (5 if name in STAFF else 3)
            internal = {line.audience for line in lines} - {"public"}
            assert internal == ({"internal"} if name in STAFF else set())
            assert len(timeline.list_comments(uow, ticket.id)) == (2 if name in STAFF else 1)
            names = {row.original_name for row in stored_files.list_ticket_files(uow, ticket.id)}
            assert names == ({"public.png", "internal.png"} if name in STAFF else {"public.png"})


def test_files_are_fetched_by_who_may_read_them(uow_for: UowFor, cast: Cast, ticket: Shown) -> None:
    for name, actor in cast:
        for kind, file in ticket.files.items():
            may = SEES[name] and (kind == "public" or name in STAFF)
            with uow_for(actor, writes=False) as uow:
                if may:
                    row = stored_files.get_downloadable_file(uow, file)
                    assert b"".join(stored_files.read_content(row)) == samples.png()
                else:
                    with pytest.raises(NotFound) as foreign:
                        stored_files.get_downloadable_file(uow, file)
                    with pytest.raises(NotFound) as missing:
                        stored_files.get_downloadable_file(uow, ticket.uuid)
                    assert vars(foreign.value) == vars(missing.value)


def test_files_are_removed_by_staff_and_missed_by_others(
    uow_for: UowFor, cast: Cast, ticket: Shown
) -> None:
    expected: dict[str, type[DomainError]] = {
        "owner": Forbidden,
        "colleague": NotFound,
        "stranger": NotFound,
    }
    for name, error in expected.items():
        with uow_for(getattr(cast, name)) as uow, pytest.raises(error):
            attachments.remove_file(uow, ticket.files["public"])
        with uow_for(getattr(cast, name)) as uow, pytest.raises(NotFound):
            attachments.remove_file(uow, ticket.files["internal"])
    with uow_for(cast.agent) as uow:
        for file in ticket.files.values():
            attachments.remove_file(uow, file)
    with uow_for(cast.owner) as uow:
        held = lock_ticket(uow, ticket.id)
        assert (held.attachments_count, held.internal_attachments_count) == (0, 0)
        assert "internal.png" not in str(timeline.list_entries(uow, ticket.id))
        assert "public.png" in str(timeline.list_entries(uow, ticket.id))
    with uow_for(cast.agent) as uow:
        assert "internal.png" in str(timeline.list_entries(uow, ticket.id))
        for file in ticket.files.values():
            with pytest.raises(NotFound):
                stored_files.get_downloadable_file(uow, file)


def test_what_lies_in_the_trash_is_gone_for_everybody(
    uow_for: UowFor, cast: Cast, ticket: Shown
) -> None:
    with uow_for(cast.agent) as uow:
        delete_ticket(uow, lock_ticket(uow, ticket.id))
    for _, actor in cast:
        with uow_for(actor) as uow:
            for form in ticket.forms:
                with pytest.raises(NotFound):
                    lock_ticket(uow, form)
                with pytest.raises(NotFound):
                    ticket_lookup.read_ticket(uow, form)
                assert ticket_list.count_tickets(uow, TicketQuery(search=form)) == 0
            assert ticket_list.count_tickets(uow, TicketQuery()) == 0
            assert ticket_list.count_own_by_status(uow) == {}
            with pytest.raises(NotFound):
                stored_files.get_downloadable_file(uow, ticket.files["public"])
            with pytest.raises(NotFound):
                attachments.remove_file(uow, ticket.files["public"])


def test_the_trash_is_emptied_by_an_admin_only(
    uow_for: UowFor, cast: Cast, clock: Clock, ticket: Shown
) -> None:
    with uow_for(cast.owner) as uow, pytest.raises(Forbidden):
        delete_ticket(uow, lock_ticket(uow, ticket.id))
    with uow_for(cast.agent) as uow:
        delete_ticket(uow, lock_ticket(uow, ticket.id))
        assert counters.count_all_tickets(uow).total == 0
    for actor in (cast.owner, cast.stranger, cast.agent, cast.manager):
        with uow_for(actor) as uow, pytest.raises(Forbidden):
            restore_ticket(uow, ticket.id)
    clock.forward(minutes=1)
    with uow_for(cast.admin) as uow:
        with pytest.raises(NotFound):
            restore_ticket(uow, 999)
        with pytest.raises(NotFound):
            restore_ticket(uow, "no such thing")
        assert restore_ticket(uow, ticket.forms[2]).id == ticket.id
    with uow_for(cast.owner) as uow:
        held = lock_ticket(uow, ticket.id)
        assert (held.deleted_at, held.deleted_by_id, held.updated_at) == (None, None, clock.now)
        assert [line.kind for line in timeline.list_entries(uow, ticket.id)][-2:] == [
            "deleted",
            "restored",
        ]
        assert ticket_list.count_tickets(uow, TicketQuery(search="crimson")) == 1
    with uow_for(cast.admin) as uow:
        assert counters.count_all_tickets(uow).by_status == {"new": 1}
        with pytest.raises(NotFound):
            restore_ticket(uow, ticket.id)


def test_only_staff_see_counts_of_all_tickets(uow_for: UowFor, cast: Cast, ticket: Shown) -> None:
    for name, actor in cast:
        with uow_for(actor, writes=False) as uow:
            if name in STAFF:
                assert counters.count_all_tickets(uow).total == 1
            else:
                with pytest.raises(Forbidden):
                    counters.count_all_tickets(uow)
            mine = {Status.NEW: 1} if name == "owner" else {}
            assert ticket_list.count_own_by_status(uow) == mine


def test_a_tag_of_one_person_is_suggested_to_nobody(
    uow_for: UowFor, cast: Cast, ticket: Shown, file_ticket: FileTicket
) -> None:
    with uow_for(cast.stranger, writes=False) as uow:
        assert "Velvet" not in tags.suggest_tags(uow, Kind.BUG, "api")
    file_ticket(cast.colleague, kind=Kind.BUG, tags=["velvet"])
    with uow_for(cast.stranger, writes=False) as uow:
        assert tags.suggest_tags(uow, Kind.BUG, "api")[0] == "Velvet"
        assert tags.suggest_tags(uow, Kind.BUG, "user_interface", limit=3) == [
            "Velvet",
            "user-interface",
            "regression",
        ]


def test_the_owners_colleague_does_not_reopen_it(
    uow_for: UowFor, cast: Cast, ticket: Shown
) -> None:
    with uow_for(cast.owner) as uow:
        held = lock_ticket(uow, ticket.id)
    with uow_for(cast.colleague) as uow, pytest.raises(Forbidden):
        reopen(uow, held)


def test_a_scope_narrows_what_a_role_may_do(
    uow_for: UowFor, cast: Cast, ticket: Shown, file_ticket: FileTicket
) -> None:
    narrow = replace(cast.agent, scopes=frozenset({"view_tickets"}))
    with uow_for(narrow) as uow:
        assert not ticket_list.page(uow, TicketQuery(), PageRequest()).rows
        with pytest.raises(NotFound):
            lock_ticket(uow, ticket.id)
        with pytest.raises(Forbidden):
            open_ticket(uow, TicketDraft("A lamp", "Dark"))

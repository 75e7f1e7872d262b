"""Where an administrator allows it, people read the tickets of their company and change nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.cast import PASSWORD, Cast, UowFor
from tests.core import samples
from tests.core.conftest import FileTicket
from ticket_app.core.attachments import attachments, stored_files, uploading
from ticket_app.core.conversation import activity, commenting
from ticket_app.core.conversation.activity import ActivityQuery
from ticket_app.core.people import customer_changes
from ticket_app.core.people.authentication import authenticate_cookie
from ticket_app.core.people.credentials import ClientInfo, verify_credentials
from ticket_app.core.people.sessions import start_browser_session
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import DomainError, Forbidden, NotFound
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.tickets import query_shape, rating, status_changes, ticket_list, ticket_lookup
from ticket_app.core.tickets.allowed_actions import allowed_actions
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.ticket_query import SortField, TicketQuery
from ticket_app.core.timeline import timeline

COMPANY_ID = 1


@pytest.fixture
def reader(cast: Cast) -> Actor:
    """The owner's colleague, whose company shares its tickets."""
    return replace(cast.colleague, shared_company_id=COMPANY_ID)


@pytest.fixture
def ticket_id(uow_for: UowFor, cast: Cast, file_ticket: FileTicket, tmp_path: Path) -> int:
    ticket_id = file_ticket(title="A crimson lamp")
    path = tmp_path / "lamp.png"
    path.write_bytes(samples.png())
    with uow_for(cast.agent) as uow:
        ticket = lock_ticket(uow, ticket_id)
        assert ticket.company_id == COMPANY_ID
        commenting.add_comment(uow, ticket, "Is it amber now?")
        commenting.add_comment(uow, ticket, "Looks like indigo", internal=True)
        for name, internal in (("public", False), ("internal", True)):
            upload = uploading.count_check_and_store(cast.agent, path, f"{name}.png", now=uow.now)
            attachments.attach(uow, ticket, upload, internal=internal)
    return ticket_id


def test_colleagues_read_the_public_part_of_company_tickets(
    uow_for: UowFor, reader: Actor, ticket_id: int
) -> None:
    with uow_for(reader, writes=False) as uow:
        assert ticket_lookup.read_ticket(uow, "SUP-1").id == ticket_id
        comments = activity.list_entries(
            uow,
            ActivityQuery(ticket_id, entry_filters=activity.COMMENT_ENTRIES),
            PageRequest(),
        )
        assert [line.body for line in comments.rows] == ["Is it amber now?"]
        assert {line.audience for line in timeline.list_entries(uow, ticket_id)} == {"public"}
        (file,) = activity.list_files(uow, ActivityQuery(ticket_id), PageRequest()).rows
        assert file.original_name == "public.png"
        assert stored_files.get_downloadable_file(uow, file.uuid).id == file.id
        page = ticket_list.page(uow, TicketQuery(of_company=True))
        assert [row.id for row in page.rows] == [ticket_id]


def test_own_lists_hold_own_tickets_only(uow_for: UowFor, reader: Actor, ticket_id: int) -> None:
    with uow_for(reader, writes=False) as uow:
        assert ticket_list.count_tickets(uow, TicketQuery()) == 0
        assert ticket_list.count_tickets(uow, TicketQuery(search="crimson")) == 0
        assert ticket_list.count_own_by_status(uow) == {}
        query = ActivityQuery(entry_filters=activity.COMMENT_ENTRIES)
        assert activity.count_entries(uow, query) == 0


@pytest.mark.parametrize("max_texts_read", [2_000, 0])
@pytest.mark.parametrize("sort", ["updated", "created", "relevance"])
@pytest.mark.parametrize("words", ["crimson", "lamp crim", "amber", "public.png", "SUP-1", "1"])
def test_company_list_is_searched_in_public_words(
    uow_for: UowFor,
    reader: Actor,
    cast: Cast,
    ticket_id: int,
    file_ticket: FileTicket,
    monkeypatch: pytest.MonkeyPatch,
    words: str,
    sort: SortField,
    max_texts_read: int,
) -> None:
    monkeypatch.setattr(query_shape, "MAX_TEXTS_READ", max_texts_read)
    file_ticket(by=cast.stranger, title=f"{words} elsewhere")
    with uow_for(reader, writes=False) as uow:
        query = TicketQuery(of_company=True, search=words, sort=sort, search_comments=True)
        assert [row.id for row in ticket_list.page(uow, query).rows] == [ticket_id]
        assert ticket_list.count_tickets(uow, query) == 1
        for hidden in ("indigo", "internal.png", cast.owner.full_name, "elsewhere"):
            assert ticket_list.count_tickets(uow, replace(query, search=hidden)) == 0
            assert ticket_list.page(uow, replace(query, search=hidden)).rows == []


def test_search_in_a_large_company_starts_from_the_index(
    uow_for: UowFor, reader: Actor, ticket_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = TicketQuery(of_company=True, search="crimson")
    for max_texts_read, expected in ((1, False), (0, True)):
        monkeypatch.setattr(query_shape, "MAX_TEXTS_READ", max_texts_read)
        with uow_for(reader, writes=False) as uow:
            shape = query_shape.build_shape(uow, query, PageRequest(), "summary")
            assert shape.uses_search_index is expected
            own = query_shape.build_shape(
                uow, replace(query, of_company=False), PageRequest(), "summary"
            )
            assert not own.uses_search_index


def test_reader_changes_nothing(uow_for: UowFor, cast: Cast, reader: Actor, ticket_id: int) -> None:
    with uow_for(reader) as uow:
        for attempt in (
            lambda: commenting.add_comment(uow, lock_ticket(uow, ticket_id), "Hello"),
            lambda: status_changes.reopen(uow, lock_ticket(uow, ticket_id)),
            lambda: rating.rate(uow, lock_ticket(uow, ticket_id), 5),
        ):
            with pytest.raises(Forbidden):
                attempt()
        (line,) = commenting.list_comments(uow, ticket_id)
        with pytest.raises(Forbidden):
            commenting.edit_comment(uow, line.id, "Hello")
        row = ticket_lookup.read_ticket(uow, ticket_id)
        assert allowed_actions(row, reader, now=uow.now) == frozenset()


def test_others_find_nothing(
    uow_for: UowFor, cast: Cast, reader: Actor, ticket_id: int, file_ticket: FileTicket
) -> None:
    foreign = file_ticket(by=cast.stranger)
    for actor, wanted in (
        (cast.colleague, ticket_id),
        (reader, foreign),
        (replace(cast.stranger, shared_company_id=2), ticket_id),
        (replace(reader, permissions=frozenset()), ticket_id),
    ):
        with uow_for(actor) as uow:
            with pytest.raises(NotFound):
                ticket_lookup.read_ticket(uow, wanted)
            with pytest.raises(NotFound):
                lock_ticket(uow, wanted)
    for actor in (cast.colleague, replace(reader, permissions=frozenset())):
        with uow_for(actor, writes=False) as uow:
            assert ticket_list.count_tickets(uow, TicketQuery(of_company=True)) == 0


def test_administrator_allows_it_and_forbids_it_again(
    uow_for: UowFor, cast: Cast, ticket_id: int
) -> None:
    with uow_for(None) as uow:
        proven = verify_credentials(uow, "colleague", PASSWORD, ClientInfo())
        cookie = start_browser_session(uow, proven, ClientInfo())

    def can_read() -> bool:
        with uow_for(None, writes=False) as uow:
            uow.actor = authenticate_cookie(uow, cookie)
            try:
                ticket_lookup.read_ticket(uow, ticket_id)
            except DomainError:
                return False
            return True

    assert not can_read()
    for shares in (True, False):
        with uow_for(cast.admin) as uow:
            row = customer_changes.update_company(uow, COMPANY_ID, {"shares_tickets": shares})
            assert row.shares_tickets == shares
        assert can_read() == shares
    with uow_for(cast.agent) as uow, pytest.raises(Forbidden):
        customer_changes.update_company(uow, COMPANY_ID, {"shares_tickets": True})

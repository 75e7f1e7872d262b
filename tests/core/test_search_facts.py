"""Search finds a ticket by whose it is, its files and its numbers, as far as one may know them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from tests.cast import MORNING, Cast, UowFor
from tests.core import samples
from tests.core.conftest import FileTicket
from tests.core.test_search import found
from ticket_app.core.attachments import attachments, uploading
from ticket_app.core.people import accounts, customers
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.errors import Conflict, Forbidden, Invalid, NotFound
from ticket_app.core.platform.vocabulary import Kind
from ticket_app.core.search import search_index
from ticket_app.core.tickets import purging, ticket_list, ticket_lookup
from ticket_app.core.tickets.editing import set_company
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.merging import merge, unmerge
from ticket_app.core.tickets.ticket_query import TicketQuery
from ticket_app.core.tickets.trash import delete_ticket, restore_ticket
from ticket_app.jobs import worker

AttachFile = Callable[..., int]


@pytest.fixture
def attach_file(uow_for: UowFor, cast: Cast, tmp_path: Path) -> AttachFile:
    """Puts a picture of some name on a ticket, as the agent; returns the file's id."""

    def attach(ticket_id: int, name: str, *, internal: bool = False) -> int:
        path = tmp_path / uuid4().hex
        path.write_bytes(samples.png())
        examined = uploading.count_check_and_store(cast.agent, path, name, now=MORNING)
        with uow_for(cast.agent) as uow:
            kept = attachments.attach(uow, lock_ticket(uow, ticket_id), examined, internal=internal)
        assert kept.id is not None
        return kept.id

    return attach


def test_staff_find_a_ticket_by_its_requester_and_company(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    theirs, other = file_ticket(cast.owner), file_ticket(cast.stranger)
    with uow_for(cast.agent, writes=False) as uow:
        for typed in (
            "Olive",
            "ownby",
            "olive ownby",
            "owner@example.com",
            "OWNER@exam",
            "Lantern",
        ):
            assert found(uow, typed) == [theirs], typed
        assert found(uow, "saltmarsh ranger lamp") == [other]
        assert found(uow, "olive ranger") == []
        assert (
            ticket_list.count_tickets(uow, TicketQuery(search="olive", search_comments=False)) == 1
        )


def test_requesters_find_nothing_by_other_people(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    file_ticket(cast.stranger)
    own = file_ticket(cast.owner)
    with uow_for(cast.owner, writes=False) as uow:
        for typed in ("stig", "stranger@example.com", "saltmarsh", "agnes", "hale"):
            assert found(uow, typed) == [], typed
        assert found(uow, "lanternworks") == [own]


def test_a_file_is_found_by_its_name_by_those_who_may_see_it(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, attach_file: AttachFile
) -> None:
    ticket_id = file_ticket()
    attach_file(ticket_id, "Rechnung_2025-11.png")
    attach_file(ticket_id, "payroll.png", internal=True)
    for actor, invoice, payroll in (
        (cast.agent, [ticket_id], [ticket_id]),
        (cast.owner, [ticket_id], []),
        (cast.colleague, [], []),
    ):
        with uow_for(actor, writes=False) as uow:
            for typed in ("rechnung", "Rechnung_2025-11.png", "2025-11", "lamp rechnung"):
                assert found(uow, typed) == invoice, typed
            for typed in ("payroll", "payroll.png", "payr"):
                assert found(uow, typed) == payroll, typed


def test_a_removed_file_finds_nothing_any_more(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, attach_file: AttachFile
) -> None:
    ticket_id = file_ticket()
    first, _ = attach_file(ticket_id, "first.png"), attach_file(ticket_id, "second.png")
    with uow_for(cast.agent) as uow:
        attachments.remove_file(uow, first)
    for actor in (cast.agent, cast.owner):
        with uow_for(actor, writes=False) as uow:
            assert found(uow, "first") == []
            assert found(uow, "second") == [ticket_id]


def test_files_are_found_where_a_merge_moved_them(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, attach_file: AttachFile
) -> None:
    one, two = file_ticket(title="One"), file_ticket(title="Two")
    attach_file(one, "diagram.png")
    attach_file(one, "secret.png", internal=True)
    with uow_for(cast.agent) as uow:
        merge(uow, one, two)
        assert found(uow, "diagram") == found(uow, "secret") == [two]
    with uow_for(cast.owner, writes=False) as uow:
        assert found(uow, "diagram") == [two]
        assert found(uow, "secret") == []
    with uow_for(cast.agent) as uow:
        unmerge(uow, one)
        assert found(uow, "diagram") == found(uow, "secret") == [one]


def test_deleted_tickets_are_found_again_once_restored(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, attach_file: AttachFile
) -> None:
    ticket_id = file_ticket()
    attach_file(ticket_id, "diagram.png")
    with uow_for(cast.admin) as uow:
        delete_ticket(uow, lock_ticket(uow, ticket_id))
        assert found(uow, "diagram") == found(uow, "olive") == []
        restore_ticket(uow, ticket_id)
        assert found(uow, "diagram") == found(uow, "olive") == [ticket_id]
        delete_ticket(uow, lock_ticket(uow, ticket_id))
        purging.purge(uow, ticket_id)
        assert found(uow, "diagram") == []


@pytest.mark.parametrize("at_once", [500, 2])
def test_the_tickets_of_somebody_renamed_are_found_by_the_new_name(
    uow_for: UowFor,
    cast: Cast,
    file_ticket: FileTicket,
    monkeypatch: pytest.MonkeyPatch,
    at_once: int,
) -> None:
    ids = [file_ticket() for _ in range(5)]
    file_ticket(cast.stranger)
    monkeypatch.setattr(search_index, "RENAME_BATCH_SIZE", at_once)
    with uow_for(cast.admin) as uow:
        accounts.update_account(
            uow, cast.owner.id, {"last_name": "Zabłocka", "email": "oz@elsewhere.example"}
        )
    with uow_for(cast.agent, writes=False) as uow:
        assert found(uow, "zablocka")[:2] == ids[:-3:-1]
    while worker.run_due_jobs():
        pass
    with uow_for(cast.agent, writes=False) as uow:
        assert found(uow, "zablocka") == found(uow, "oz@elsewhere") == ids[::-1]
        assert found(uow, "ownby") == found(uow, "owner@example.com") == []
    with uow_for(cast.owner) as uow:
        accounts.update_own_account(uow, {"last_name": "Ownby"})
    while worker.run_due_jobs():
        pass
    with uow_for(cast.agent, writes=False) as uow:
        assert found(uow, "zablocka") == []
        assert found(uow, "ownby") == ids[::-1]


def test_the_tickets_of_a_renamed_company_are_found_by_the_new_name(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id, other = file_ticket(), file_ticket(cast.stranger)
    assert cast.owner.company_id is not None
    with uow_for(cast.agent) as uow:
        customers.rename_company(uow, cast.owner.company_id, "Laternenwerk")
    with uow_for(cast.agent, writes=False) as uow:
        assert found(uow, "laternenwerk") == [ticket_id]
        assert found(uow, "lanternworks") == []
        assert found(uow, "saltmarsh") == [other]
        assert customers.get_company(uow, cast.owner.company_id).name == "Laternenwerk"


def test_a_company_is_renamed_by_staff_and_not_like_another(uow_for: UowFor, cast: Cast) -> None:
    for actor, company_id, name, error in (
        (cast.owner, cast.owner.company_id, "Mine", Forbidden),
        (cast.agent, cast.owner.company_id, "saltMARSH", Conflict),
        (cast.agent, cast.owner.company_id, " ", Invalid),
        (cast.agent, 999, "Nobody's", NotFound),
    ):
        assert company_id is not None
        with pytest.raises(error), uow_for(actor) as uow:
            customers.rename_company(uow, company_id, name)
    with uow_for(cast.agent) as uow:
        assert customers.rename_company(uow, 1, "LANTERNWORKS").name == "LANTERNWORKS"


def test_a_ticket_is_found_by_its_new_company(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        set_company(uow, lock_ticket(uow, ticket_id), cast.stranger.company_id)
        assert found(uow, "saltmarsh") == [ticket_id]
        assert found(uow, "lanternworks") == []


def test_any_printed_number_finds_its_ticket(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    for _ in range(2):
        file_ticket(kind=Kind.SUPPORT)
    bugs = [file_ticket(kind=Kind.BUG) for _ in range(3)]
    wanted = bugs[-1]
    with uow_for(cast.agent, writes=False) as uow:
        ticket = ticket_lookup.read_ticket(uow, wanted)
        forms = {
            "BUG-3",
            "bug-3",
            "bug 3",
            "Bug #3",
            "bug3",
            "#BUG-3",
            "BUG‑3",
            ticket_numbers.format_bmasia_number(ticket),
            ticket_numbers.format_enterprise_number(ticket),
            ticket_numbers.format_ticketing_number(ticket),
            ticket_numbers.format_ticketing_number(ticket).lower().replace("-", " "),
            f"#{wanted}",
            f"# {wanted}",
            f" {wanted} ",
            "#3",
        }
    for actor in (cast.agent, cast.owner):
        with uow_for(actor, writes=False) as uow:
            for form in forms:
                assert wanted in found(uow, form), form
                if form != "#3":
                    assert ticket_lookup.find_single_match(uow, form) == wanted, form
            assert found(uow, "bug 3") == [wanted]
            assert set(found(uow, "#3")) == {3, wanted}
            assert ticket_lookup.find_single_match(uow, "#3") == 3
            assert ticket_lookup.find_single_match(uow, "lamp 3") is None
    with uow_for(cast.stranger, writes=False) as uow:
        for form in forms:
            assert found(uow, form) == []
            assert ticket_lookup.find_single_match(uow, form) is None


def test_a_number_alone_names_the_only_ticket_that_carries_it(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    for _ in range(3):
        file_ticket(kind=Kind.BUG)
    other = file_ticket(cast.stranger, kind=Kind.INCIDENT)
    with uow_for(cast.stranger, writes=False) as uow:
        assert ticket_lookup.find_single_match(uow, "1") == other
        assert found(uow, "#1") == [other]
    with uow_for(cast.agent, writes=False) as uow:
        assert ticket_lookup.find_single_match(uow, "1") == 1
        assert set(found(uow, "#1")) == {1, other}


def test_words_that_look_like_a_number_are_searched_for_where_there_is_no_such_ticket(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket(title="A req 12 of the imp 7")
    for actor in (cast.agent, cast.owner):
        with uow_for(actor, writes=False) as uow:
            assert found(uow, "req 12") == [ticket_id]
            assert found(uow, "REQ-12") == []


def test_requester_does_not_find_a_ticket_number_they_may_not_see(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    file_ticket(cast.owner, kind=Kind.BUG)
    mine = file_ticket(cast.stranger, title="My bug 1")
    with uow_for(cast.stranger, writes=False) as uow:
        assert found(uow, "bug 1") == [mine]
        assert found(uow, "BUG-1") == []

"""Search finds a ticket by whose it is, its files and its numbers, as far as one may know them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from tests.cast import MORNING, Cast, DeskFor
from tests.core import samples
from tests.core.conftest import FileTicket
from tests.core.test_search import found
from ticket_app.core.attachments import attachments
from ticket_app.core.people import accounts, customers
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.errors import Conflict, Forbidden, Invalid, NotFound
from ticket_app.core.platform.vocabulary import Kind
from ticket_app.core.search import search_index
from ticket_app.core.tickets import ticket_list, trash
from ticket_app.core.tickets.merging import merge, unmerge
from ticket_app.core.tickets.ticket_list import TicketQuery
from ticket_app.core.tickets.tickets import delete_ticket, hold, restore_ticket, set_company
from ticket_app.jobs import worker

AttachFile = Callable[..., int]


@pytest.fixture
def attach_file(desk_for: DeskFor, cast: Cast, tmp_path: Path) -> AttachFile:
    """Puts a picture of some name on a ticket, as the agent; returns the file's id."""

    def attach(ticket_id: int, name: str, *, internal: bool = False) -> int:
        path = tmp_path / uuid4().hex
        path.write_bytes(samples.png())
        examined = attachments.examine(cast.agent, path, name, now=MORNING)
        with desk_for(cast.agent) as desk:
            kept = attachments.attach(desk, hold(desk, ticket_id), examined, internal=internal)
        assert kept.id is not None
        return kept.id

    return attach


def test_staff_find_a_ticket_by_its_requester_and_company(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    theirs, other = file_ticket(cast.owner), file_ticket(cast.stranger)
    with desk_for(cast.agent, writes=False) as desk:
        for typed in (
            "Olive",
            "ownby",
            "olive ownby",
            "owner@example.com",
            "OWNER@exam",
            "Lantern",
        ):
            assert found(desk, typed) == [theirs], typed
        assert found(desk, "saltmarsh ranger lamp") == [other]
        assert found(desk, "olive ranger") == []
        assert ticket_list.count(desk, TicketQuery(search="olive", in_comments=False)) == 1


def test_requesters_find_nothing_by_other_people(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    file_ticket(cast.stranger)
    own = file_ticket(cast.owner)
    with desk_for(cast.owner, writes=False) as desk:
        for typed in ("stig", "stranger@example.com", "saltmarsh", "agnes", "hale"):
            assert found(desk, typed) == [], typed
        assert found(desk, "lanternworks") == [own]


def test_a_file_is_found_by_its_name_by_those_who_may_see_it(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, attach_file: AttachFile
) -> None:
    ticket_id = file_ticket()
    attach_file(ticket_id, "Rechnung_2025-11.png")
    attach_file(ticket_id, "payroll.png", internal=True)
    for actor, invoice, payroll in (
        (cast.agent, [ticket_id], [ticket_id]),
        (cast.owner, [ticket_id], []),
        (cast.colleague, [], []),
    ):
        with desk_for(actor, writes=False) as desk:
            for typed in ("rechnung", "Rechnung_2025-11.png", "2025-11", "lamp rechnung"):
                assert found(desk, typed) == invoice, typed
            for typed in ("payroll", "payroll.png", "payr"):
                assert found(desk, typed) == payroll, typed


def test_a_removed_file_finds_nothing_any_more(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, attach_file: AttachFile
) -> None:
    ticket_id = file_ticket()
    first, _ = attach_file(ticket_id, "first.png"), attach_file(ticket_id, "second.png")
    with desk_for(cast.agent) as desk:
        attachments.remove(desk, first)
    for actor in (cast.agent, cast.owner):
        with desk_for(actor, writes=False) as desk:
            assert found(desk, "first") == []
            assert found(desk, "second") == [ticket_id]


def test_files_are_found_where_a_merge_moved_them(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, attach_file: AttachFile
) -> None:
    one, two = file_ticket(title="One"), file_ticket(title="Two")
    attach_file(one, "diagram.png")
    attach_file(one, "secret.png", internal=True)
    with desk_for(cast.agent) as desk:
        merge(desk, one, two)
        assert found(desk, "diagram") == found(desk, "secret") == [two]
    with desk_for(cast.owner, writes=False) as desk:
        assert found(desk, "diagram") == [two]
        assert found(desk, "secret") == []
    with desk_for(cast.agent) as desk:
        unmerge(desk, one)
        assert found(desk, "diagram") == found(desk, "secret") == [one]


def test_deleted_tickets_are_found_again_once_restored(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, attach_file: AttachFile
) -> None:
    ticket_id = file_ticket()
    attach_file(ticket_id, "diagram.png")
    with desk_for(cast.admin) as desk:
        delete_ticket(desk, hold(desk, ticket_id))
        assert found(desk, "diagram") == found(desk, "olive") == []
        restore_ticket(desk, ticket_id)
        assert found(desk, "diagram") == found(desk, "olive") == [ticket_id]
        delete_ticket(desk, hold(desk, ticket_id))
        trash.purge(desk, ticket_id)
        assert found(desk, "diagram") == []


@pytest.mark.parametrize("at_once", [500, 2])
def test_the_tickets_of_somebody_renamed_are_found_by_the_new_name(
    desk_for: DeskFor,
    cast: Cast,
    file_ticket: FileTicket,
    monkeypatch: pytest.MonkeyPatch,
    at_once: int,
) -> None:
    ids = [file_ticket() for _ in range(5)]
    file_ticket(cast.stranger)
    monkeypatch.setattr(search_index, "RENAMED_AT_ONCE", at_once)
    with desk_for(cast.admin) as desk:
        accounts.change(
            desk, cast.owner.id, {"last_name": "Zabłocka", "email": "oz@elsewhere.example"}
        )
    with desk_for(cast.agent, writes=False) as desk:
        assert found(desk, "zablocka")[:2] == ids[:-3:-1]
    while worker.work_once():
        pass
    with desk_for(cast.agent, writes=False) as desk:
        assert found(desk, "zablocka") == found(desk, "oz@elsewhere") == ids[::-1]
        assert found(desk, "ownby") == found(desk, "owner@example.com") == []
    with desk_for(cast.owner) as desk:
        accounts.change_mine(desk, {"last_name": "Ownby"})
    while worker.work_once():
        pass
    with desk_for(cast.agent, writes=False) as desk:
        assert found(desk, "zablocka") == []
        assert found(desk, "ownby") == ids[::-1]


def test_the_tickets_of_a_renamed_company_are_found_by_the_new_name(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id, other = file_ticket(), file_ticket(cast.stranger)
    assert cast.owner.company_id is not None
    with desk_for(cast.agent) as desk:
        customers.rename_company(desk, cast.owner.company_id, "Laternenwerk")
    with desk_for(cast.agent, writes=False) as desk:
        assert found(desk, "laternenwerk") == [ticket_id]
        assert found(desk, "lanternworks") == []
        assert found(desk, "saltmarsh") == [other]
        assert customers.company(desk, cast.owner.company_id).name == "Laternenwerk"


def test_a_company_is_renamed_by_staff_and_not_like_another(desk_for: DeskFor, cast: Cast) -> None:
    for actor, company_id, name, refusal in (
        (cast.owner, cast.owner.company_id, "Mine", Forbidden),
        (cast.agent, cast.owner.company_id, "saltMARSH", Conflict),
        (cast.agent, cast.owner.company_id, " ", Invalid),
        (cast.agent, 999, "Nobody's", NotFound),
    ):
        assert company_id is not None
        with pytest.raises(refusal), desk_for(actor) as desk:
            customers.rename_company(desk, company_id, name)
    with desk_for(cast.agent) as desk:
        assert customers.rename_company(desk, 1, "LANTERNWORKS").name == "LANTERNWORKS"


def test_a_ticket_is_found_by_its_new_company(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with desk_for(cast.agent) as desk:
        set_company(desk, hold(desk, ticket_id), cast.stranger.company_id)
        assert found(desk, "saltmarsh") == [ticket_id]
        assert found(desk, "lanternworks") == []


def test_any_printed_number_finds_its_ticket(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    for _ in range(2):
        file_ticket(kind=Kind.SUPPORT)
    bugs = [file_ticket(kind=Kind.BUG) for _ in range(3)]
    wanted = bugs[-1]
    with desk_for(cast.agent, writes=False) as desk:
        ticket = ticket_list.read(desk, wanted)
        forms = {
            "BUG-3",
            "bug-3",
            "bug 3",
            "Bug #3",
            "bug3",
            "#BUG-3",
            "BUG‑3",
            ticket_numbers.day_key(ticket),
            ticket_numbers.day_number(ticket),
            ticket_numbers.serial(ticket),
            ticket_numbers.serial(ticket).lower().replace("-", " "),
            f"#{wanted}",
            f"# {wanted}",
            f" {wanted} ",
            "#3",
        }
    for actor in (cast.agent, cast.owner):
        with desk_for(actor, writes=False) as desk:
            for form in forms:
                assert wanted in found(desk, form), form
                if form != "#3":
                    assert ticket_list.named_by(desk, form) == wanted, form
            assert found(desk, "bug 3") == [wanted]
            assert set(found(desk, "#3")) == {3, wanted}
            assert ticket_list.named_by(desk, "#3") == 3
            assert ticket_list.named_by(desk, "lamp 3") is None
    with desk_for(cast.stranger, writes=False) as desk:
        for form in forms:
            assert found(desk, form) == []
            assert ticket_list.named_by(desk, form) is None


def test_a_number_alone_names_the_only_ticket_that_carries_it(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    for _ in range(3):
        file_ticket(kind=Kind.BUG)
    other = file_ticket(cast.stranger, kind=Kind.INCIDENT)
    with desk_for(cast.stranger, writes=False) as desk:
        assert ticket_list.named_by(desk, "1") == other
        assert found(desk, "#1") == [other]
    with desk_for(cast.agent, writes=False) as desk:
        assert ticket_list.named_by(desk, "1") == 1
        assert set(found(desk, "#1")) == {1, other}


def test_words_that_look_like_a_number_are_searched_for_where_there_is_no_such_ticket(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket(title="A req 12 of the imp 7")
    for actor in (cast.agent, cast.owner):
        with desk_for(actor, writes=False) as desk:
            assert found(desk, "req 12") == [ticket_id]
            assert found(desk, "REQ-12") == []


def test_a_requester_is_not_told_of_a_number_they_may_not_see(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    file_ticket(cast.owner, kind=Kind.BUG)
    mine = file_ticket(cast.stranger, title="My bug 1")
    with desk_for(cast.stranger, writes=False) as desk:
        assert found(desk, "bug 1") == [mine]
        assert found(desk, "BUG-1") == []

"""Administrators rename, merge and delete tags; tickets, search and templates follow."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.cast import Cast, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.platform.errors import Conflict, Forbidden, Invalid, NotFound
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.tickets import tag_changes, tags, templates, ticket_list
from ticket_app.core.tickets.editing import edit
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.tag_changes import delete_tag, list_tags, merge_tags, rename_tag
from ticket_app.core.tickets.ticket_query import TicketQuery
from ticket_app.core.timeline import timeline
from ticket_app.jobs import worker


def find_id(uow_for: UowFor, cast: Cast, name: str) -> int:
    with uow_for(cast.admin, writes=False) as uow:
        return tags.find_tag_ids(uow, [name])[name.casefold()]


def counts(uow_for: UowFor, cast: Cast) -> dict[str, int]:
    with uow_for(cast.admin, writes=False) as uow:
        return {row.name: row.tickets for row in list_tags(uow, "", PageRequest())[0].rows}


def tags_of(uow_for: UowFor, cast: Cast, ticket_id: int) -> list[str]:
    with uow_for(cast.admin) as uow:
        return list(lock_ticket(uow, ticket_id).tags)


def found_by(uow_for: UowFor, cast: Cast, **query: object) -> set[int]:
    with uow_for(cast.admin, writes=False) as uow:
        page = ticket_list.page(uow, TicketQuery(**query), PageRequest())  # type: ignore[arg-type]
        return {row.id for row in page.rows}


def test_a_renamed_tag_is_renamed_on_its_tickets(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    first, second = file_ticket(tags=["vpn", "lamp"]), file_ticket(tags=["VPN"])
    other = file_ticket(tags=["lamp"])
    with uow_for(cast.admin) as uow:
        before = lock_ticket(uow, first)
        version, updated_at = before.version, before.updated_at
        renamed = rename_tag(uow, tags.find_tag_ids(uow, ["vpn"])["vpn"], "Remote access")
        assert (renamed.name, renamed.tickets) == ("Remote access", 2)
    assert tags_of(uow_for, cast, first) == ["Remote access", "lamp"]
    assert tags_of(uow_for, cast, second) == ["Remote access"]
    assert tags_of(uow_for, cast, other) == ["lamp"]
    assert counts(uow_for, cast) == {"lamp": 2, "Remote access": 2}
    assert found_by(uow_for, cast, search="remote access") == {first, second}
    assert found_by(uow_for, cast, search="vpn") == set()
    assert found_by(uow_for, cast, tags=("remote access",)) == {first, second}
    with uow_for(cast.admin) as uow:
        ticket = lock_ticket(uow, first)
        assert (ticket.version, ticket.updated_at) == (version + 1, updated_at)
        assert len(timeline.list_entries(uow, first)) == 1


def test_the_case_of_a_tag_can_be_changed(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket(tags=["vpn"])
    with uow_for(cast.admin) as uow:
        rename_tag(uow, tags.find_tag_ids(uow, ["vpn"])["vpn"], "VPN")
    assert tags_of(uow_for, cast, ticket_id) == ["VPN"]
    assert counts(uow_for, cast) == {"VPN": 1}


def test_merged_tags_are_one_tag(uow_for: UowFor, cast: Cast, file_ticket: FileTicket) -> None:
    both, one = file_ticket(tags=["light", "lamp", "x"]), file_ticket(tags=["light"])
    with uow_for(cast.admin) as uow:
        template = templates.create_template(uow, "Lamp", ticket_values={"tags": ["Light", "y"]})
        merged = merge_tags(uow, tags.find_tag_ids(uow, ["light"])["light"], "LAMP")
        assert (merged.name, merged.tickets) == ("lamp", 2)
        assert templates.get_template(uow, template.id).ticket_values == {"tags": ["lamp", "y"]}
    assert tags_of(uow_for, cast, both) == ["lamp", "x"]
    assert tags_of(uow_for, cast, one) == ["lamp"]
    assert counts(uow_for, cast) == {"lamp": 2, "x": 1}
    with uow_for(cast.agent) as uow:
        edit(uow, lock_ticket(uow, one), {"tags": ["lamp", "new"]})
    assert counts(uow_for, cast) == {"lamp": 2, "x": 1, "new": 1}


@pytest.mark.parametrize("new_name", ["lantern", "LAMP"])
def test_older_tickets_follow_in_the_background(
    uow_for: UowFor,
    cast: Cast,
    file_ticket: FileTicket,
    monkeypatch: pytest.MonkeyPatch,
    new_name: str,
) -> None:
    monkeypatch.setattr(tag_changes, "BATCH_SIZE", 2)
    ids = [file_ticket(tags=["lamp"]) for _ in range(5)]
    with uow_for(cast.admin) as uow:
        rename_tag(uow, tags.find_tag_ids(uow, ["lamp"])["lamp"], new_name)
    assert [tags_of(uow_for, cast, id_) for id_ in ids] == [["lamp"]] * 3 + [[new_name]] * 2
    late = file_ticket(tags=["lamp"])
    while worker.run_due_jobs():
        pass
    assert {tags_of(uow_for, cast, id_)[0] for id_ in ids} == {new_name}
    if new_name == "lantern":
        assert tags_of(uow_for, cast, late) == [new_name]
        assert counts(uow_for, cast) == {"lantern": 6}


def test_a_tag_is_not_changed_again_before_the_last_change_is_done(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tag_changes, "BATCH_SIZE", 2)
    ids = [file_ticket(tags=["lamp"]) for _ in range(5)]
    file_ticket(tags=["light"])
    light = find_id(uow_for, cast, "light")
    with uow_for(cast.admin) as uow:
        lantern = rename_tag(uow, tags.find_tag_ids(uow, ["lamp"])["lamp"], "lantern").id
    with uow_for(cast.admin) as uow:
        with pytest.raises(Conflict, match="still being changed"):
            rename_tag(uow, lantern, "torch")
        with pytest.raises(Conflict, match="still being changed"):
            merge_tags(uow, light, "lantern")
        with pytest.raises(Conflict, match="still being changed"):
            delete_tag(uow, lantern)
    while worker.run_due_jobs():
        pass
    with uow_for(cast.admin) as uow:
        rename_tag(uow, lantern, "torch")
    while worker.run_due_jobs():
        pass
    assert {tags_of(uow_for, cast, id_)[0] for id_ in ids} == {"torch"}


def test_a_name_that_another_tag_has_needs_a_merge(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    file_ticket(tags=["light", "lamp"])
    light = find_id(uow_for, cast, "light")
    with uow_for(cast.admin) as uow:
        with pytest.raises(Conflict, match="merge “light” into it instead"):
            rename_tag(uow, light, "Lamp")
        for into in ("light", "lantern", ""):
            with pytest.raises(Invalid):
                merge_tags(uow, light, into)
        for name in ("", "a,b", "x" * 61):
            with pytest.raises(Invalid):
                rename_tag(uow, light, name)
        with pytest.raises(NotFound):
            rename_tag(uow, 999, "x")


def test_only_an_unused_tag_is_deleted(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket(tags=["lamp"])
    lamp = find_id(uow_for, cast, "lamp")
    with uow_for(cast.admin) as uow:
        templates.create_template(uow, "Lamp", ticket_values={"tags": ["lamp"]})
        with pytest.raises(Conflict, match="is used by 1 ticket and 1 template, so"):
            delete_tag(uow, lamp)
        unused = tag_changes.create_tag(uow, "spare")
        with pytest.raises(Conflict):
            tag_changes.create_tag(uow, "Spare")
        delete_tag(uow, unused.id)
    assert tags_of(uow_for, cast, ticket_id) == ["lamp"]
    assert counts(uow_for, cast) == {"lamp": 1}


def test_tags_are_found_by_their_first_letters(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    file_ticket(tags=["lamp", "light", "50%"])
    with uow_for(cast.admin) as uow:
        page, total = list_tags(uow, "L", PageRequest(limit=1))
        assert ([row.name for row in page.rows], page.has_more, total) == (["lamp"], True, 2)
        assert list_tags(uow, "%", PageRequest())[1] == 0


def test_only_admins_manage_tags(uow_for: UowFor, cast: Cast, file_ticket: FileTicket) -> None:
    file_ticket(tags=["lamp"])
    lamp = find_id(uow_for, cast, "lamp")
    with uow_for(cast.manager) as uow:
        for use_case in (
            lambda: list_tags(uow, "", PageRequest()),
            lambda: rename_tag(uow, lamp, "x"),
            lambda: merge_tags(uow, lamp, "x"),
            lambda: delete_tag(uow, lamp),
            lambda: tag_changes.create_tag(uow, "x"),
        ):
            with pytest.raises(Forbidden):
                use_case()


def test_two_who_create_the_same_tags_in_another_order_both_succeed(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    names = [f"tag-{number:04}" for number in range(2_000)]
    tickets = [(file_ticket(), names), (file_ticket(), names[::-1])]
    both_in = Barrier(2, timeout=15)

    def add(ticket_and_names: tuple[int, list[str]]) -> None:
        both_in.wait()
        with uow_for(cast.agent) as uow:
            tags.add_tags(uow, *ticket_and_names)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(add, tickets))
    with uow_for(cast.admin, writes=False) as uow:
        page, total = list_tags(uow, "tag-", PageRequest(limit=1))
        assert (total, page.rows[0].tickets) == (2_000, 2)

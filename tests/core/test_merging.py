"""Tickets about one thing become one; no link, number or count breaks by it or its undoing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, select

from tests.cast import MORNING, Cast, Clock, UowFor
from tests.core import samples
from tests.core.conftest import FileTicket
from tests.core.test_counters import expected_counters, stored_counters
from ticket_app.core.attachments import announced_files, attachments, stored_files, uploading
from ticket_app.core.conversation import activity, commenting
from ticket_app.core.notifications import notifications
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import DomainError, Forbidden, Invalid, NotFound, RuleViolation
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import EntryKind, Status
from ticket_app.core.sla import policies as sla_policies
from ticket_app.core.tickets import purging, ticket_list, ticket_lookup
from ticket_app.core.tickets.assigning import assign
from ticket_app.core.tickets.changing import changing
from ticket_app.core.tickets.editing import edit
from ticket_app.core.tickets.fields import MAX_FILES
from ticket_app.core.tickets.linked_tickets import find_visible_merge_target, list_merge_sources
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.merging import DIFFERENT_REQUESTERS, merge, unmerge
from ticket_app.core.tickets.status_changes import change_status, mark_duplicate, reopen
from ticket_app.core.tickets.ticket_query import TicketQuery
from ticket_app.core.tickets.trash import delete_ticket, restore_ticket
from ticket_app.core.timeline import timeline
from ticket_app.tables import entry_table, metadata, ticket_table

COUNT_COLUMNS = {"comments_count", "notes_count", "attachments_count", "internal_attachments_count"}
KEPT_OUT = {"version", "updated_at"}


def merge_target_id(uow: UnitOfWork, ticket_id: int) -> int:
    """Return the id of the ticket that one was merged into in the end."""
    target = find_visible_merge_target(uow, ticket_id)
    assert target is not None
    return target.id


def post_comment(
    uow_for: UowFor, by: Actor, ticket_id: int, words: str, *, internal: bool = False
) -> int:
    with uow_for(by) as uow:
        return commenting.add_comment(uow, lock_ticket(uow, ticket_id), words, internal=internal)


def send(
    uow_for: UowFor, by: Actor, ticket_id: int, folder: Path, name: str, **changes: Any
) -> Any:
    path = folder / name
    path.write_bytes(samples.png(extra=name.encode()))
    examined = uploading.count_check_and_store(by, path, name, now=MORNING)
    with uow_for(by) as uow:
        return attachments.attach(uow, lock_ticket(uow, ticket_id), examined, **changes).uuid


def rows(database: Engine) -> dict[int, dict[str, Any]]:
    with database.connect() as connection:
        return {row.id: dict(row._mapping) for row in connection.execute(select(ticket_table))}


def holds_together(database: Engine) -> None:
    """Assert that all counts match the rows and that no row refers to a deleted one."""
    assert stored_counters(database) == expected_counters(database)
    with database.connect() as connection:
        lines = connection.execute(
            select(entry_table.c.ticket_id, entry_table.c.audience).where(
                entry_table.c.kind == EntryKind.COMMENT, entry_table.c.deleted_at.is_(None)
            )
        ).all()
        for ticket in connection.execute(select(ticket_table)):
            mine = [line.audience for line in lines if line.ticket_id == ticket.id]
            assert ticket.comments_count == mine.count("public")
            assert ticket.notes_count == mine.count("internal")
        for table in metadata.tables.values():
            for column in table.columns:
                for key in column.foreign_keys:
                    dangling = select(column).where(
                        column.is_not(None), column.not_in(select(key.column))
                    )
                    assert connection.execute(dangling).all() == []


@pytest.fixture
def duplicate_pair(
    uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket, tmp_path: Path
) -> tuple[int, int]:
    """Two tickets of the owner about one lamp; the second with words, a note and two files."""
    first = file_ticket(tags=["lamp", "hall"])
    second = file_ticket(title="The lamp again", tags=["Hall", "light"])
    clock.forward(minutes=5)
    post_comment(uow_for, cast.owner, second, "It is the zebra lamp")
    clock.forward(minutes=5)
    post_comment(uow_for, cast.agent, second, "We know the zebra lamp")
    post_comment(uow_for, cast.agent, second, "A giraffe, if you ask me", internal=True)
    clock.forward(minutes=5)
    post_comment(uow_for, cast.owner, first, "Still dark")
    send(uow_for, cast.owner, second, tmp_path, "lamp.png")
    send(uow_for, cast.agent, second, tmp_path, "secret.png", internal=True)
    return first, second


def test_merge_moves_the_conversation_and_closes_the_duplicate(
    database: Engine, uow_for: UowFor, cast: Cast, duplicate_pair: tuple[int, int]
) -> None:
    first, second = duplicate_pair
    with uow_for(cast.agent) as uow:
        comments = [(line.id, line.uuid, line.at) for line in commenting.list_comments(uow, second)]
        sent = [file.uuid for file in stored_files.list_ticket_files(uow, second)]
        forms = (
            ticket_numbers.format_key,
            ticket_numbers.format_bmasia_number,
            ticket_numbers.format_enterprise_number,
            ticket_numbers.format_ticketing_number,
        )
        numbers = [form(lock_ticket(uow, second)) for form in forms]
        assert merge(uow, second, ticket_numbers.format_key(lock_ticket(uow, first))).id == first
    with uow_for(cast.agent, writes=False) as uow:
        into, gone = ticket_lookup.read_ticket(uow, first), ticket_lookup.read_ticket(uow, second)
        assert (gone.status, gone.status_group, gone.merged_into_id) == ("duplicate", "done", first)
        assert {getattr(gone, name) for name in COUNT_COLUMNS} == {0}
        assert (gone.last_comment, gone.tags) == (None, ["Hall", "light"])
        assert (into.comments_count, into.notes_count) == (3, 1)
        assert (into.attachments_count, into.internal_attachments_count) == (1, 1)
        assert into.tags == ["lamp", "hall", "light"]
        assert into.last_comment == "Still dark"
        assert into.first_response_at == comments[1][2]
        here = {(line.id, line.uuid, line.at) for line in commenting.list_comments(uow, first)}
        assert set(comments) < here
        assert {file.uuid for file in stored_files.list_ticket_files(uow, first)} == set(sent)
        assert [ticket_lookup.read_ticket(uow, number).id for number in numbers] == [second] * 4
        assert [row.id for row in list_merge_sources(uow, first)] == [second]
        assert merge_target_id(uow, second) == first
        assert find_visible_merge_target(uow, first) is None
        changes = {
            line.field: (line.old_id, line.new_id) for line in timeline.list_entries(uow, second)
        }
        assert changes["merged_into"] == (None, first)
        changes = {
            line.field: (line.old_id, line.new_id) for line in timeline.list_entries(uow, first)
        }
        assert changes["merged_from"] == (None, second)
        for words in ("zebra", "giraffe"):
            found = ticket_list.page(uow, TicketQuery(search=words)).rows
            assert [row.id for row in found] == [first]
    holds_together(database)


def test_links_to_words_and_files_go_on_working(
    uow_for: UowFor, cast: Cast, duplicate_pair: tuple[int, int]
) -> None:
    first, second = duplicate_pair
    with uow_for(cast.agent) as uow:
        line = commenting.list_comments(uow, second)[0]
        file = stored_files.list_ticket_files(uow, second)[0]
        notifications.notify(
            uow,
            cast.manager.id,
            notifications.NotificationKind.MENTION,
            "named you",
            ticket_id=second,
            entry_id=line.id,
        )
        merge(uow, second, first)
    with uow_for(cast.owner) as uow:
        assert activity.get_comment(uow, line.uuid).ticket_id == first
        assert stored_files.get_downloadable_file(uow, file.uuid).ticket_id == first
        commenting.edit_comment(uow, line.uuid, "It is the okapi lamp")
        assert [row.id for row in ticket_list.page(uow, TicketQuery(search="okapi")).rows] == [
            first
        ]
    with uow_for(cast.manager) as uow:
        assert notifications.list_own(uow)[0].ticket_id == first


def test_the_requester_reads_no_notes_by_it_and_sees_where_it_went(
    uow_for: UowFor, cast: Cast, duplicate_pair: tuple[int, int]
) -> None:
    first, second = duplicate_pair
    with uow_for(cast.agent) as uow:
        merge(uow, second, first)
    with uow_for(cast.owner) as uow:
        assert len(commenting.list_comments(uow, first)) == 3
        assert len(stored_files.list_ticket_files(uow, first)) == 1
        assert ticket_lookup.read_ticket(uow, second).merged_into_id == first
        assert merge_target_id(uow, second) == first
        assert not ticket_list.page(uow, TicketQuery(search="giraffe")).rows
        assert [row.status for row in ticket_list.page(uow, TicketQuery()).rows] == [
            "duplicate",
            "new",
        ]


@pytest.mark.parametrize(
    "act",
    [
        lambda uow, ticket: commenting.add_comment(uow, ticket, "More"),
        lambda uow, ticket: change_status(uow, ticket, Status.OPEN),
        reopen,
        lambda uow, ticket: merge(uow, ticket.id, ticket.id - 1),
        lambda uow, ticket: mark_duplicate(uow, ticket, ticket.id - 1),
    ],
    ids=["comment", "change_status", "reopen", "merge", "mark_duplicate"],
)
def test_a_merged_ticket_names_the_other_instead_of_going_on(
    uow_for: UowFor, cast: Cast, duplicate_pair: tuple[int, int], act: Callable[..., Any]
) -> None:
    first, second = duplicate_pair
    with uow_for(cast.agent) as uow:
        key = ticket_numbers.format_key(merge(uow, second, first))
    with uow_for(cast.agent) as uow, pytest.raises(RuleViolation, match=key):
        act(uow, lock_ticket(uow, second))


def test_files_are_not_sent_to_a_merged_ticket(
    uow_for: UowFor, cast: Cast, duplicate_pair: tuple[int, int], tmp_path: Path
) -> None:
    first, second = duplicate_pair
    with uow_for(cast.agent) as uow:
        merge(uow, second, first)
    with pytest.raises(RuleViolation):
        send(uow_for, cast.owner, second, tmp_path, "late.png")


def test_words_are_not_shown_to_somebody_else(
    database: Engine, uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    mine, theirs = file_ticket(), file_ticket(cast.stranger)
    before = rows(database)
    with uow_for(cast.agent) as uow, pytest.raises(RuleViolation, match=DIFFERENT_REQUESTERS):
        merge(uow, theirs, mine)
    assert rows(database) == before


def test_only_staff_merges_and_a_stranger_learns_nothing(
    database: Engine, uow_for: UowFor, cast: Cast, duplicate_pair: tuple[int, int]
) -> None:
    first, second = duplicate_pair
    before = rows(database)
    for act in (lambda uow: merge(uow, second, first), lambda uow: unmerge(uow, second)):
        with uow_for(cast.owner) as uow, pytest.raises(Forbidden):
            act(uow)
        with uow_for(cast.stranger) as uow, pytest.raises(NotFound):
            act(uow)
    assert rows(database) == before


def test_what_cannot_be_merged_is_refused(
    database: Engine, uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    first, second, gone, waits = (file_ticket() for _ in range(4))
    with uow_for(cast.agent) as uow:
        delete_ticket(uow, lock_ticket(uow, gone))
        with changing(uow, waiting := lock_ticket(uow, waits)):
            waiting.status = Status.PENDING_APPROVAL
        mark_duplicate(uow, lock_ticket(uow, second), first)
    before = rows(database)
    for ticket, into, why in (
        (first, first, Invalid),
        (first, gone, Invalid),
        (first, "BUG-999", Invalid),
        (first, "'; --", Invalid),
        (gone, first, NotFound),
        ("nothing", first, NotFound),
        (waits, first, RuleViolation),
        (first, waits, RuleViolation),
        (first, second, RuleViolation),
    ):
        with uow_for(cast.agent) as uow, pytest.raises(why):
            merge(uow, ticket, into)
    with uow_for(cast.agent) as uow, pytest.raises(RuleViolation):
        unmerge(uow, first)
    assert rows(database) == before


def test_undoing_puts_all_back(
    database: Engine, uow_for: UowFor, cast: Cast, clock: Clock, duplicate_pair: tuple[int, int]
) -> None:
    first, second = duplicate_pair
    with uow_for(cast.agent) as uow:
        assign(uow, lock_ticket(uow, second), cast.agent.id)
        change_status(uow, lock_ticket(uow, second), Status.RESOLVED)
        change_status(uow, lock_ticket(uow, second), Status.CLOSED)
    before = rows(database)
    clock.forward(minutes=1)
    with uow_for(cast.agent) as uow:
        merge(uow, second, first)
    later = post_comment(uow_for, cast.owner, first, "Said after the merge")
    clock.forward(minutes=8)
    with uow_for(cast.agent) as uow:
        assert unmerge(uow, second).id == second
    after = rows(database)
    for name in before[second].keys() - KEPT_OUT:
        assert after[second][name] == before[second][name], name
    changed = {name for name in before[first] if before[first][name] != after[first][name]}
    assert changed - KEPT_OUT == {"comments_count", "last_comment", "last_comment_at"}
    with uow_for(cast.agent) as uow:
        assert commenting.list_comments(uow, first)[-1].id == later
        assert len(commenting.list_comments(uow, second)) == 3
        assert [row.id for row in ticket_list.page(uow, TicketQuery(search="zebra")).rows] == [
            second
        ]
        assert list_merge_sources(uow, first) == []
        merge(uow, second, first)
    holds_together(database)


def test_a_duplicate_that_was_merged_is_a_duplicate_again(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    first, second, third = (file_ticket() for _ in range(3))
    with uow_for(cast.agent) as uow:
        mark_duplicate(uow, lock_ticket(uow, third), second)
        merge(uow, third, first)
        assert lock_ticket(uow, third).duplicate_of_id is None
    with uow_for(cast.agent) as uow:
        ticket = unmerge(uow, third)
        assert (ticket.status, ticket.duplicate_of_id) == (Status.DUPLICATE, second)


def test_undoing_is_for_who_did_it_just_now_and_for_admins(
    uow_for: UowFor, cast: Cast, clock: Clock, duplicate_pair: tuple[int, int]
) -> None:
    first, second = duplicate_pair
    with uow_for(cast.agent) as uow:
        merge(uow, second, first)
    with uow_for(cast.manager) as uow, pytest.raises(Forbidden):
        unmerge(uow, second)
    clock.forward(minutes=11)
    with uow_for(cast.agent) as uow, pytest.raises(Forbidden):
        unmerge(uow, second)
    with uow_for(cast.admin) as uow:
        assert unmerge(uow, second).status == Status.NEW
    with uow_for(cast.admin) as uow, pytest.raises(RuleViolation):
        unmerge(uow, second)


def test_what_was_merged_twice_goes_home_from_the_end(
    database: Engine, uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    first, second, third, fourth = (file_ticket() for _ in range(4))
    comments = {
        one: post_comment(uow_for, cast.agent, one, f"Of {one}") for one in (first, second, third)
    }

    def where() -> dict[int, int]:
        with uow_for(cast.agent) as uow:
            return {one: activity.get_comment(uow, comments[one]).ticket_id for one in comments}

    with uow_for(cast.agent) as uow:
        merge(uow, first, second)
        merge(uow, second, third)
        assert merge_target_id(uow, first) == third
        assert merge(uow, fourth, first).id == third
        with pytest.raises(Invalid):
            merge(uow, third, first)
    assert where() == {first: third, second: third, third: third}
    holds_together(database)
    with uow_for(cast.agent) as uow:
        unmerge(uow, first)
    assert where() == {first: first, second: third, third: third}
    with uow_for(cast.agent) as uow:
        merge(uow, first, third)
        unmerge(uow, second)
    assert where() == {first: third, second: second, third: third}
    with uow_for(cast.agent) as uow:
        unmerge(uow, first)
        unmerge(uow, fourth)
    assert where() == {one: one for one in comments}
    holds_together(database)


@pytest.mark.parametrize("turn", range(4))
def test_merging_both_ways_at_once_ends_as_one(
    database: Engine, uow_for: UowFor, cast: Cast, file_ticket: FileTicket, turn: int
) -> None:
    first, second, third = (file_ticket() for _ in range(3))
    for one in (first, second, third):
        post_comment(uow_for, cast.agent, one, "Words")

    def try_to(pair: tuple[int, int]) -> bool:
        with suppress(DomainError):
            with uow_for(cast.agent) as uow:
                merge(uow, *pair)
            return True
        return False

    pairs = [(first, second), (second, first), (second, third), (third, first)]
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(try_to, pairs[turn % 2 :] + pairs[: turn % 2]))
    assert 1 <= sum(done) <= 2
    now = rows(database)
    assert sum(row["comments_count"] for row in now.values()) == 3
    for ticket_id in now:
        seen = [ticket_id]
        while following := now[seen[-1]]["merged_into_id"]:
            assert following not in seen
            seen.append(following)
    holds_together(database)


def test_undoing_twice_at_once_ends_as_one(
    database: Engine, uow_for: UowFor, cast: Cast, duplicate_pair: tuple[int, int]
) -> None:
    first, second = duplicate_pair
    with uow_for(cast.agent) as uow:
        merge(uow, second, first)

    def undo(_: int) -> bool:
        with suppress(RuleViolation):
            with uow_for(cast.agent) as uow:
                unmerge(uow, second)
            return True
        return False

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(undo, range(3))) == 1
    holds_together(database)


def test_the_trash_breaks_nothing(
    database: Engine, uow_for: UowFor, cast: Cast, duplicate_pair: tuple[int, int]
) -> None:
    first, second = duplicate_pair
    with uow_for(cast.admin) as uow:
        merge(uow, second, first)
        delete_ticket(uow, lock_ticket(uow, first))
    with uow_for(cast.owner) as uow:
        assert find_visible_merge_target(uow, second) is None
        assert commenting.list_comments(uow, second) == []
    holds_together(database)
    with uow_for(cast.admin) as uow:
        restore_ticket(uow, first)
        delete_ticket(uow, lock_ticket(uow, second))
        assert list_merge_sources(uow, first) == []
    with uow_for(cast.admin) as uow:
        purging.purge(uow, second)
        assert len(commenting.list_comments(uow, first)) == 4
    holds_together(database)


def test_who_was_merged_into_a_destroyed_ticket_keeps_its_words(
    database: Engine, uow_for: UowFor, cast: Cast, duplicate_pair: tuple[int, int]
) -> None:
    first, second = duplicate_pair
    with uow_for(cast.admin) as uow:
        merge(uow, second, first)
        delete_ticket(uow, lock_ticket(uow, first))
        purging.purge(uow, first)
        ticket = lock_ticket(uow, second)
        assert (ticket.status, ticket.merged_into_id) == (Status.DUPLICATE, None)
        assert len(commenting.list_comments(uow, second)) == 3
        assert len(stored_files.list_ticket_files(uow, second)) == 2
        reopen(uow, ticket)
    holds_together(database)


def test_a_destroyed_link_of_a_chain_is_passed_over(
    database: Engine, uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    first, second, third = (file_ticket() for _ in range(3))
    post_comment(uow_for, cast.agent, first, "Of the first")
    with uow_for(cast.admin) as uow:
        merge(uow, first, second)
        merge(uow, second, third)
        delete_ticket(uow, lock_ticket(uow, second))
        purging.purge(uow, second)
        assert merge_target_id(uow, first) == third
        assert len(commenting.list_comments(uow, third)) == 1
        unmerge(uow, first)
        assert len(commenting.list_comments(uow, first)) == 1
    holds_together(database)


def test_a_ticket_holds_no_more_tags_and_files_than_it_may(
    database: Engine, uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    first = file_ticket(tags=[f"a{n}" for n in range(18)])
    second = file_ticket(tags=[f"b{n}" for n in range(5)])
    third = file_ticket()
    with uow_for(cast.agent) as uow:
        merge(uow, second, first)
        assert lock_ticket(uow, first).tags[-2:] == ["b0", "b1"]
        assert len(lock_ticket(uow, first).tags) == 20
        edit(uow, lock_ticket(uow, first), {"tags": ["b1", "mine"]})
        unmerge(uow, second)
        assert lock_ticket(uow, first).tags == ["mine"]
        source, target = lock_ticket(uow, third), lock_ticket(uow, first)
        with changing(uow, source, target):
            source.attachments_count, target.attachments_count = MAX_FILES, 1
        with pytest.raises(RuleViolation, match="files"):
            merge(uow, third, first)


def test_duplicate_of_a_merged_ticket_points_to_the_merge_target(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    first, second, third = file_ticket(), file_ticket(), file_ticket(cast.stranger)
    with uow_for(cast.agent) as uow:
        merge(uow, first, second)
        mark_duplicate(uow, lock_ticket(uow, third), first)
        assert lock_ticket(uow, third).duplicate_of_id == second
        with pytest.raises(Invalid):
            mark_duplicate(uow, lock_ticket(uow, second), first)


@pytest.mark.parametrize(("minutes", "kept_it"), [(50, True), (70, False)])
def test_timely_reply_on_the_merged_ticket_meets_the_sla_target(
    uow_for: UowFor,
    cast: Cast,
    clock: Clock,
    file_ticket: FileTicket,
    minutes: int,
    kept_it: bool,
) -> None:
    with uow_for(cast.admin) as uow:
        sla_policies.create_policy(
            uow, "Standard", respond_minutes=60, resolve_minutes=480, calendar_id=None
        )
    first, second = file_ticket(), file_ticket()
    answered = clock.forward(minutes=minutes)
    post_comment(uow_for, cast.agent, second, "We look")
    clock.forward(minutes=30)
    with uow_for(cast.agent) as uow:
        target = merge(uow, second, first)
        assert target.first_response_at == answered
        assert (target.first_response_breached_at is None) == kept_it
        assert lock_ticket(uow, second).sla_paused_at == clock()
    clock.forward(minutes=5)
    with uow_for(cast.agent) as uow:
        assert unmerge(uow, second).sla_paused_at is None
        target = lock_ticket(uow, first)
        assert target.first_response_at is None
        assert target.first_response_breached_at == MORNING + timedelta(hours=1)


def test_announced_file_is_expected_on_the_ticket_of_its_comment(
    uow_for: UowFor, cast: Cast, duplicate_pair: tuple[int, int]
) -> None:
    first, second = duplicate_pair
    with uow_for(cast.owner) as uow:
        commenting.add_comment(
            uow, lock_ticket(uow, second), "See the log", file_references=["lamp.log"]
        )
    for act, holder in (
        (lambda uow: merge(uow, second, first), first),
        (lambda uow: unmerge(uow, second), second),
    ):
        with uow_for(cast.agent) as uow:
            act(uow)
            assert announced_files.list_awaited_names(uow, holder) == ["lamp.log"]


def test_any_sequence_of_merges_keeps_every_word_where_it_belongs(  # noqa: C901 -- rules
    database: Engine, uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket
) -> None:
    class UnitOfWork(RuleBasedStateMachine):
        tickets = Bundle("tickets")
        comments: dict[int, int]

        def __init__(self) -> None:
            super().__init__()
            self.comments = {}

        def on(self, act: Callable[[Any], Any]) -> None:
            clock.forward(minutes=7)
            with suppress(DomainError), uow_for(cast.admin) as uow:
                act(uow)

        @rule(target=tickets)
        def file(self) -> int:
            ticket_id = file_ticket(tags=["lamp"])
            self.comments[post_comment(uow_for, cast.agent, ticket_id, "Words")] = ticket_id
            return ticket_id

        @rule(ticket_id=tickets, into=tickets)
        def merge(self, ticket_id: int, into: int) -> None:
            self.on(lambda uow: merge(uow, ticket_id, into))

        @rule(ticket_id=tickets)
        def unmerge(self, ticket_id: int) -> None:
            self.on(lambda uow: unmerge(uow, ticket_id))

        @rule(ticket_id=tickets, original=tickets)
        def mark(self, ticket_id: int, original: int) -> None:
            self.on(lambda uow: mark_duplicate(uow, lock_ticket(uow, ticket_id), original))

        @rule(ticket_id=tickets)
        def delete(self, ticket_id: int) -> None:
            self.on(lambda uow: delete_ticket(uow, lock_ticket(uow, ticket_id)))

        @rule(ticket_id=tickets)
        def restore(self, ticket_id: int) -> None:
            self.on(lambda uow: restore_ticket(uow, ticket_id))

        @rule(ticket_id=tickets)
        def purge(self, ticket_id: int) -> None:
            self.on(lambda uow: purging.purge(uow, ticket_id))

        @invariant()
        def comments_are_on_the_remaining_ticket(self) -> None:
            holds_together(database)
            now = rows(database)
            with database.connect() as connection:
                lines = dict(
                    connection.execute(
                        select(entry_table.c.id, entry_table.c.ticket_id).where(
                            entry_table.c.kind == EntryKind.COMMENT
                        )
                    ).all()
                )
            for entry_id, origin in self.comments.items():
                if origin not in now:
                    continue
                end = origin
                while now[end]["merged_into_id"]:
                    end = now[end]["merged_into_id"]
                assert lines[entry_id] == end

    run_state_machine_as_test(
        UnitOfWork,
        settings=settings(
            max_examples=5,
            stateful_step_count=16,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

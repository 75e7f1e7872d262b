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

from tests.cast import MORNING, Cast, Clock, DeskFor
from tests.core import samples
from tests.core.conftest import FileTicket
from tests.core.test_tallies import counted, kept
from ticket_app.core.attachments import announced_files, attachments
from ticket_app.core.conversation import activity, commenting
from ticket_app.core.notifications import notifications
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import DeskError, Forbidden, Invalid, NotFound, RuleBroken
from ticket_app.core.platform.vocabulary import EntryKind, Status
from ticket_app.core.sla import policies as sla_policies
from ticket_app.core.tickets import ticket_list, trash
from ticket_app.core.tickets.fields import MOST_FILES
from ticket_app.core.tickets.merging import goes_on_in, merge, sources_of, unmerge
from ticket_app.core.tickets.ticket_list import TicketQuery
from ticket_app.core.tickets.tickets import (
    assign,
    change_status,
    delete_ticket,
    edit,
    hold,
    mark_duplicate,
    reopen,
    restore_ticket,
)
from ticket_app.core.timeline import timeline
from ticket_app.tables import entry_table, metadata, ticket_table

FILED = {"comments_count", "notes_count", "attachments_count", "internal_attachments_count"}
KEPT_OUT = {"version", "updated_at"}


def say(desk_for: DeskFor, by: Actor, ticket_id: int, words: str, *, internal: bool = False) -> int:
    with desk_for(by) as desk:
        return commenting.comment(desk, hold(desk, ticket_id), words, internal=internal)


def send(desk_for: DeskFor, by: Actor, ticket_id: int, folder: Path, name: str, **told: Any) -> Any:
    path = folder / name
    path.write_bytes(samples.png(extra=name.encode()))
    examined = attachments.examine(by, path, name, now=MORNING)
    with desk_for(by) as desk:
        return attachments.attach(desk, hold(desk, ticket_id), examined, **told).uuid


def rows(database: Engine) -> dict[int, dict[str, Any]]:
    with database.connect() as connection:
        return {row.id: dict(row._mapping) for row in connection.execute(select(ticket_table))}


def holds_together(database: Engine) -> None:
    """Counts are what there is, tallies too, and nothing refers to what is gone."""
    assert kept(database) == counted(database)
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
def told_twice(
    desk_for: DeskFor, cast: Cast, clock: Clock, file_ticket: FileTicket, tmp_path: Path
) -> tuple[int, int]:
    """Two tickets of the owner about one lamp; the second with words, a note and two files."""
    first = file_ticket(tags=["lamp", "hall"])
    second = file_ticket(title="The lamp again", tags=["Hall", "light"])
    clock.forward(minutes=5)
    say(desk_for, cast.owner, second, "It is the zebra lamp")
    clock.forward(minutes=5)
    say(desk_for, cast.agent, second, "We know the zebra lamp")
    say(desk_for, cast.agent, second, "A giraffe, if you ask me", internal=True)
    clock.forward(minutes=5)
    say(desk_for, cast.owner, first, "Still dark")
    send(desk_for, cast.owner, second, tmp_path, "lamp.png")
    send(desk_for, cast.agent, second, tmp_path, "secret.png", internal=True)
    return first, second


def test_it_works(
    database: Engine, desk_for: DeskFor, cast: Cast, told_twice: tuple[int, int]
) -> None:
    first, second = told_twice
    with desk_for(cast.agent) as desk:
        said = [(line.id, line.uuid, line.at) for line in commenting.read(desk, second)]
        sent = [file.uuid for file in attachments.of_ticket(desk, second)]
        forms = (
            ticket_numbers.key,
            ticket_numbers.day_key,
            ticket_numbers.day_number,
            ticket_numbers.serial,
        )
        numbers = [form(hold(desk, second)) for form in forms]
        assert merge(desk, second, ticket_numbers.key(hold(desk, first))).id == first
    with desk_for(cast.agent, writes=False) as desk:
        into, gone = ticket_list.read(desk, first), ticket_list.read(desk, second)
        assert (gone.status, gone.status_group, gone.merged_into_id) == ("duplicate", "done", first)
        assert {getattr(gone, name) for name in FILED} == {0}
        assert (gone.last_comment, gone.tags) == (None, ["Hall", "light"])
        assert (into.comments_count, into.notes_count) == (3, 1)
        assert (into.attachments_count, into.internal_attachments_count) == (1, 1)
        assert into.tags == ["lamp", "hall", "light"]
        assert into.last_comment == "Still dark"
        assert into.first_response_at == said[1][2]
        here = {(line.id, line.uuid, line.at) for line in commenting.read(desk, first)}
        assert set(said) < here
        assert {file.uuid for file in attachments.of_ticket(desk, first)} == set(sent)
        assert [ticket_list.read(desk, number).id for number in numbers] == [second] * 4
        assert [row.id for row in sources_of(desk, first)] == [second]
        assert goes_on_in(desk, second).id == first
        assert goes_on_in(desk, first) is None
        told = {line.field: (line.old_id, line.new_id) for line in timeline.lines(desk, second)}
        assert told["merged_into"] == (None, first)
        told = {line.field: (line.old_id, line.new_id) for line in timeline.lines(desk, first)}
        assert told["merged_from"] == (None, second)
        for words in ("zebra", "giraffe"):
            found = ticket_list.page(desk, TicketQuery(search=words)).rows
            assert [row.id for row in found] == [first]
    holds_together(database)


def test_links_to_words_and_files_go_on_working(
    desk_for: DeskFor, cast: Cast, told_twice: tuple[int, int]
) -> None:
    first, second = told_twice
    with desk_for(cast.agent) as desk:
        line = commenting.read(desk, second)[0]
        file = attachments.of_ticket(desk, second)[0]
        notifications.tell(
            desk,
            cast.manager.id,
            notifications.Notice.MENTION,
            "named you",
            ticket_id=second,
            entry_id=line.id,
        )
        merge(desk, second, first)
    with desk_for(cast.owner) as desk:
        assert activity.comment(desk, line.uuid).ticket_id == first
        assert attachments.fetch(desk, file.uuid).ticket_id == first
        commenting.rewrite(desk, line.uuid, "It is the okapi lamp")
        assert [row.id for row in ticket_list.page(desk, TicketQuery(search="okapi")).rows] == [
            first
        ]
    with desk_for(cast.manager) as desk:
        assert notifications.mine(desk)[0].ticket_id == first


def test_the_requester_reads_no_notes_by_it_and_sees_where_it_went(
    desk_for: DeskFor, cast: Cast, told_twice: tuple[int, int]
) -> None:
    first, second = told_twice
    with desk_for(cast.agent) as desk:
        merge(desk, second, first)
    with desk_for(cast.owner) as desk:
        assert len(commenting.read(desk, first)) == 3
        assert len(attachments.of_ticket(desk, first)) == 1
        assert ticket_list.read(desk, second).merged_into_id == first
        assert goes_on_in(desk, second).id == first
        assert not ticket_list.page(desk, TicketQuery(search="giraffe")).rows
        assert [row.status for row in ticket_list.page(desk, TicketQuery()).rows] == [
            "duplicate",
            "new",
        ]


@pytest.mark.parametrize(
    "act",
    [
        lambda desk, ticket: commenting.comment(desk, ticket, "More"),
        lambda desk, ticket: change_status(desk, ticket, Status.OPEN),
        reopen,
        lambda desk, ticket: merge(desk, ticket.id, ticket.id - 1),
        lambda desk, ticket: mark_duplicate(desk, ticket, ticket.id - 1),
    ],
    ids=["comment", "change_status", "reopen", "merge", "mark_duplicate"],
)
def test_a_merged_ticket_names_the_other_instead_of_going_on(
    desk_for: DeskFor, cast: Cast, told_twice: tuple[int, int], act: Callable[..., Any]
) -> None:
    first, second = told_twice
    with desk_for(cast.agent) as desk:
        key = ticket_numbers.key(merge(desk, second, first))
    with desk_for(cast.agent) as desk, pytest.raises(RuleBroken, match=key):
        act(desk, hold(desk, second))


def test_files_are_not_sent_to_a_merged_ticket(
    desk_for: DeskFor, cast: Cast, told_twice: tuple[int, int], tmp_path: Path
) -> None:
    first, second = told_twice
    with desk_for(cast.agent) as desk:
        merge(desk, second, first)
    with pytest.raises(RuleBroken):
        send(desk_for, cast.owner, second, tmp_path, "late.png")


def test_words_are_not_shown_to_somebody_else(
    database: Engine, desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    mine, theirs = file_ticket(), file_ticket(cast.stranger)
    before = rows(database)
    with desk_for(cast.agent) as desk, pytest.raises(RuleBroken, match="mark the one as a dup"):
        merge(desk, theirs, mine)
    assert rows(database) == before


def test_only_staff_merges_and_a_stranger_learns_nothing(
    database: Engine, desk_for: DeskFor, cast: Cast, told_twice: tuple[int, int]
) -> None:
    first, second = told_twice
    before = rows(database)
    for act in (lambda desk: merge(desk, second, first), lambda desk: unmerge(desk, second)):
        with desk_for(cast.owner) as desk, pytest.raises(Forbidden):
            act(desk)
        with desk_for(cast.stranger) as desk, pytest.raises(NotFound):
            act(desk)
    assert rows(database) == before


def test_what_cannot_be_merged_is_refused(
    database: Engine, desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    first, second, gone, waits = (file_ticket() for _ in range(4))
    with desk_for(cast.agent) as desk:
        delete_ticket(desk, hold(desk, gone))
        hold(desk, waits).status = Status.PENDING_APPROVAL
        mark_duplicate(desk, hold(desk, second), first)
    before = rows(database)
    for ticket, into, why in (
        (first, first, Invalid),
        (first, gone, Invalid),
        (first, "BUG-999", Invalid),
        (first, "'; --", Invalid),
        (gone, first, NotFound),
        ("nothing", first, NotFound),
        (waits, first, RuleBroken),
        (first, waits, RuleBroken),
        (first, second, RuleBroken),
    ):
        with desk_for(cast.agent) as desk, pytest.raises(why):
            merge(desk, ticket, into)
    with desk_for(cast.agent) as desk, pytest.raises(RuleBroken):
        unmerge(desk, first)
    assert rows(database) == before


def test_undoing_puts_all_back(
    database: Engine, desk_for: DeskFor, cast: Cast, clock: Clock, told_twice: tuple[int, int]
) -> None:
    first, second = told_twice
    with desk_for(cast.agent) as desk:
        assign(desk, hold(desk, second), cast.agent.id)
        change_status(desk, hold(desk, second), Status.RESOLVED)
        change_status(desk, hold(desk, second), Status.CLOSED)
    before = rows(database)
    clock.forward(minutes=1)
    with desk_for(cast.agent) as desk:
        merge(desk, second, first)
    later = say(desk_for, cast.owner, first, "Said after the merge")
    clock.forward(minutes=8)
    with desk_for(cast.agent) as desk:
        assert unmerge(desk, second).id == second
    after = rows(database)
    for name in before[second].keys() - KEPT_OUT:
        assert after[second][name] == before[second][name], name
    changed = {name for name in before[first] if before[first][name] != after[first][name]}
    assert changed - KEPT_OUT == {"comments_count", "last_comment", "last_comment_at"}
    with desk_for(cast.agent) as desk:
        assert commenting.read(desk, first)[-1].id == later
        assert len(commenting.read(desk, second)) == 3
        assert [row.id for row in ticket_list.page(desk, TicketQuery(search="zebra")).rows] == [
            second
        ]
        assert sources_of(desk, first) == []
        merge(desk, second, first)
    holds_together(database)


def test_a_duplicate_that_was_merged_is_a_duplicate_again(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    first, second, third = (file_ticket() for _ in range(3))
    with desk_for(cast.agent) as desk:
        mark_duplicate(desk, hold(desk, third), second)
        merge(desk, third, first)
        assert hold(desk, third).duplicate_of_id is None
    with desk_for(cast.agent) as desk:
        ticket = unmerge(desk, third)
        assert (ticket.status, ticket.duplicate_of_id) == (Status.DUPLICATE, second)


def test_undoing_is_for_who_did_it_just_now_and_for_admins(
    desk_for: DeskFor, cast: Cast, clock: Clock, told_twice: tuple[int, int]
) -> None:
    first, second = told_twice
    with desk_for(cast.agent) as desk:
        merge(desk, second, first)
    with desk_for(cast.manager) as desk, pytest.raises(Forbidden):
        unmerge(desk, second)
    clock.forward(minutes=11)
    with desk_for(cast.agent) as desk, pytest.raises(Forbidden):
        unmerge(desk, second)
    with desk_for(cast.admin) as desk:
        assert unmerge(desk, second).status == Status.NEW
    with desk_for(cast.admin) as desk, pytest.raises(RuleBroken):
        unmerge(desk, second)


def test_what_was_merged_twice_goes_home_from_the_end(
    database: Engine, desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    first, second, third, fourth = (file_ticket() for _ in range(4))
    said = {one: say(desk_for, cast.agent, one, f"Of {one}") for one in (first, second, third)}

    def where() -> dict[int, int]:
        with desk_for(cast.agent) as desk:
            return {one: activity.comment(desk, said[one]).ticket_id for one in said}

    with desk_for(cast.agent) as desk:
        merge(desk, first, second)
        merge(desk, second, third)
        assert goes_on_in(desk, first).id == third
        assert merge(desk, fourth, first).id == third
        with pytest.raises(Invalid):
            merge(desk, third, first)
    assert where() == {first: third, second: third, third: third}
    holds_together(database)
    with desk_for(cast.agent) as desk:
        unmerge(desk, first)
    assert where() == {first: first, second: third, third: third}
    with desk_for(cast.agent) as desk:
        merge(desk, first, third)
        unmerge(desk, second)
    assert where() == {first: third, second: second, third: third}
    with desk_for(cast.agent) as desk:
        unmerge(desk, first)
        unmerge(desk, fourth)
    assert where() == {one: one for one in said}
    holds_together(database)


@pytest.mark.parametrize("turn", range(4))
def test_merging_both_ways_at_once_ends_as_one(
    database: Engine, desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, turn: int
) -> None:
    first, second, third = (file_ticket() for _ in range(3))
    for one in (first, second, third):
        say(desk_for, cast.agent, one, "Words")

    def try_to(pair: tuple[int, int]) -> bool:
        with suppress(DeskError):
            with desk_for(cast.agent) as desk:
                merge(desk, *pair)
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
    database: Engine, desk_for: DeskFor, cast: Cast, told_twice: tuple[int, int]
) -> None:
    first, second = told_twice
    with desk_for(cast.agent) as desk:
        merge(desk, second, first)

    def undo(_: int) -> bool:
        with suppress(RuleBroken):
            with desk_for(cast.agent) as desk:
                unmerge(desk, second)
            return True
        return False

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(undo, range(3))) == 1
    holds_together(database)


def test_the_trash_breaks_nothing(
    database: Engine, desk_for: DeskFor, cast: Cast, told_twice: tuple[int, int]
) -> None:
    first, second = told_twice
    with desk_for(cast.admin) as desk:
        merge(desk, second, first)
        delete_ticket(desk, hold(desk, first))
    with desk_for(cast.owner) as desk:
        assert goes_on_in(desk, second) is None
        assert commenting.read(desk, second) == []
    holds_together(database)
    with desk_for(cast.admin) as desk:
        restore_ticket(desk, first)
        delete_ticket(desk, hold(desk, second))
        assert sources_of(desk, first) == []
    with desk_for(cast.admin) as desk:
        trash.purge(desk, second)
        assert len(commenting.read(desk, first)) == 4
    holds_together(database)


def test_who_was_merged_into_a_destroyed_ticket_keeps_its_words(
    database: Engine, desk_for: DeskFor, cast: Cast, told_twice: tuple[int, int]
) -> None:
    first, second = told_twice
    with desk_for(cast.admin) as desk:
        merge(desk, second, first)
        delete_ticket(desk, hold(desk, first))
        trash.purge(desk, first)
        ticket = hold(desk, second)
        assert (ticket.status, ticket.merged_into_id) == (Status.DUPLICATE, None)
        assert len(commenting.read(desk, second)) == 3
        assert len(attachments.of_ticket(desk, second)) == 2
        reopen(desk, ticket)
    holds_together(database)


def test_a_destroyed_link_of_a_chain_is_passed_over(
    database: Engine, desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    first, second, third = (file_ticket() for _ in range(3))
    say(desk_for, cast.agent, first, "Of the first")
    with desk_for(cast.admin) as desk:
        merge(desk, first, second)
        merge(desk, second, third)
        delete_ticket(desk, hold(desk, second))
        trash.purge(desk, second)
        assert goes_on_in(desk, first).id == third
        assert len(commenting.read(desk, third)) == 1
        unmerge(desk, first)
        assert len(commenting.read(desk, first)) == 1
    holds_together(database)


def test_a_ticket_holds_no_more_tags_and_files_than_it_may(
    database: Engine, desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    first = file_ticket(tags=[f"a{n}" for n in range(18)])
    second = file_ticket(tags=[f"b{n}" for n in range(5)])
    third = file_ticket()
    with desk_for(cast.agent) as desk:
        merge(desk, second, first)
        assert hold(desk, first).tags[-2:] == ["b0", "b1"]
        assert len(hold(desk, first).tags) == 20
        edit(desk, hold(desk, first), {"tags": ["b1", "mine"]})
        unmerge(desk, second)
        assert hold(desk, first).tags == ["mine"]
        hold(desk, third).attachments_count = MOST_FILES
        hold(desk, first).attachments_count = 1
        with pytest.raises(RuleBroken, match="files"):
            merge(desk, third, first)


def test_the_duplicate_of_a_merged_ticket_stands_for_where_it_went(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    first, second, third = file_ticket(), file_ticket(), file_ticket(cast.stranger)
    with desk_for(cast.agent) as desk:
        merge(desk, first, second)
        mark_duplicate(desk, hold(desk, third), first)
        assert hold(desk, third).duplicate_of_id == second
        with pytest.raises(Invalid):
            mark_duplicate(desk, hold(desk, second), first)


@pytest.mark.parametrize(("minutes", "kept_it"), [(50, True), (70, False)])
def test_an_answer_on_the_other_ticket_keeps_the_promise_if_it_came_in_time(
    desk_for: DeskFor,
    cast: Cast,
    clock: Clock,
    file_ticket: FileTicket,
    minutes: int,
    kept_it: bool,
) -> None:
    with desk_for(cast.admin) as desk:
        sla_policies.add_policy(
            desk, "Standard", respond_minutes=60, resolve_minutes=480, calendar_id=None
        )
    first, second = file_ticket(), file_ticket()
    answered = clock.forward(minutes=minutes)
    say(desk_for, cast.agent, second, "We look")
    clock.forward(minutes=30)
    with desk_for(cast.agent) as desk:
        target = merge(desk, second, first)
        assert target.first_response_at == answered
        assert (target.first_response_breached_at is None) == kept_it
        assert hold(desk, second).sla_paused_at == clock()
    clock.forward(minutes=5)
    with desk_for(cast.agent) as desk:
        assert unmerge(desk, second).sla_paused_at is None
        target = hold(desk, first)
        assert target.first_response_at is None
        assert target.first_response_breached_at == MORNING + timedelta(hours=1)


def test_an_announced_file_is_awaited_where_its_comment_stands(
    desk_for: DeskFor, cast: Cast, told_twice: tuple[int, int]
) -> None:
    first, second = told_twice
    with desk_for(cast.owner) as desk:
        commenting.comment(desk, hold(desk, second), "See the log", enclosing=["lamp.log"])
    for act, holder in (
        (lambda desk: merge(desk, second, first), first),
        (lambda desk: unmerge(desk, second), second),
    ):
        with desk_for(cast.agent) as desk:
            act(desk)
            assert announced_files.awaited(desk, holder) == ["lamp.log"]


def test_any_sequence_of_merges_keeps_every_word_where_it_belongs(  # noqa: C901 -- rules
    database: Engine, desk_for: DeskFor, cast: Cast, clock: Clock, file_ticket: FileTicket
) -> None:
    class Desk(RuleBasedStateMachine):
        filed = Bundle("filed")
        said: dict[int, int]

        def __init__(self) -> None:
            super().__init__()
            self.said = {}

        def on(self, act: Callable[[Any], Any]) -> None:
            clock.forward(minutes=7)
            with suppress(DeskError), desk_for(cast.admin) as desk:
                act(desk)

        @rule(target=filed)
        def file(self) -> int:
            ticket_id = file_ticket(tags=["lamp"])
            self.said[say(desk_for, cast.agent, ticket_id, "Words")] = ticket_id
            return ticket_id

        @rule(ticket_id=filed, into=filed)
        def merge(self, ticket_id: int, into: int) -> None:
            self.on(lambda desk: merge(desk, ticket_id, into))

        @rule(ticket_id=filed)
        def unmerge(self, ticket_id: int) -> None:
            self.on(lambda desk: unmerge(desk, ticket_id))

        @rule(ticket_id=filed, original=filed)
        def mark(self, ticket_id: int, original: int) -> None:
            self.on(lambda desk: mark_duplicate(desk, hold(desk, ticket_id), original))

        @rule(ticket_id=filed)
        def delete(self, ticket_id: int) -> None:
            self.on(lambda desk: delete_ticket(desk, hold(desk, ticket_id)))

        @rule(ticket_id=filed)
        def restore(self, ticket_id: int) -> None:
            self.on(lambda desk: restore_ticket(desk, ticket_id))

        @rule(ticket_id=filed)
        def purge(self, ticket_id: int) -> None:
            self.on(lambda desk: trash.purge(desk, ticket_id))

        @invariant()
        def every_word_stands_where_its_ticket_goes_on(self) -> None:
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
            for entry_id, origin in self.said.items():
                if origin not in now:
                    continue
                end = origin
                while now[end]["merged_into_id"]:
                    end = now[end]["merged_into_id"]
                assert lines[entry_id] == end

    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=5,
            stateful_step_count=16,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

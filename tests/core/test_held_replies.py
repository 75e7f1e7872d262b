"""Undo send and scheduled replies: what is held is nowhere, and is sent once (MAIL.md)."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select, update

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from tests.core.test_distribution import distribute, received
from ticket_app.core.attachments import attachments, stored_files, uploading
from ticket_app.core.conversation import commenting, held_release, held_replies
from ticket_app.core.people import profiles
from ticket_app.core.platform import outbox
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    RuleViolation,
)
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.tickets import locking, merging, ticket_list, ticket_lookup, trash
from ticket_app.core.tickets.opening import TicketDraft, open_ticket
from ticket_app.core.tickets.ticket_query import TicketQuery
from ticket_app.core.timeline import drafts
from ticket_app.jobs import held_replies as job
from ticket_app.settings import reload_settings
from ticket_app.tables import (
    entry_table,
    held_reply_table,
    notification_table,
    person_table,
    ticket_table,
)

ROOT = Path(__file__).resolve().parents[2]
Hold = Callable[..., UUID]


@pytest.fixture
def hold(uow_for: UowFor, cast: Cast, clock: Clock) -> Hold:
    """Holds a reply of the agent for ten seconds, unless told otherwise; returns its UUID."""

    def hold_reply(
        ticket_id: int, text: str = "Change the bulb.", *, seconds: float = 10, **values: Any
    ) -> UUID:
        with uow_for(values.pop("by", cast.agent)) as uow:
            ticket = locking.lock_ticket(uow, ticket_id)
            send_at = clock.now + timedelta(seconds=seconds)
            places = (drafts.reply_place(ticket_id), drafts.note_place(ticket_id))
            return held_replies.hold(
                uow, ticket, text, send_at=send_at, draft_places=places, **values
            ).uuid

    return hold_reply


@pytest.fixture
def release_due(
    monkeypatch: pytest.MonkeyPatch, database: Engine, clock: Clock
) -> Callable[[], None]:
    """Runs the background job at the clock's time."""

    def open_here(**values: Any) -> Any:
        return open_unit_of_work(**{"clock": clock, "bind": database} | values)

    monkeypatch.setattr(job, "open_unit_of_work", open_here)
    return job.release_due


def bodies(uow_for: UowFor, actor: Actor | None, ticket_id: int) -> list[str | None]:
    with uow_for(actor) as uow:
        return [entry.body for entry in commenting.list_comments(uow, ticket_id)]


def state_of(uow_for: UowFor, uuid: UUID) -> Any:
    with uow_for(None) as uow:
        statement = select(held_reply_table).where(held_reply_table.c.uuid == uuid)
        return uow.connection.execute(statement).one()


def test_held_reply_is_nowhere_until_it_is_sent(
    uow_for: UowFor,
    cast: Cast,
    file_ticket: FileTicket,
    hold: Hold,
    release_due: Callable[[], None],
    clock: Clock,
) -> None:
    ticket_id = file_ticket()
    distribute(uow_for)
    with uow_for(cast.owner) as uow:
        before = ticket_lookup.read_ticket(uow, ticket_id)
    notified = received(uow_for)
    hold(ticket_id, "Change the *xylophone*.")
    clock.forward(seconds=9)
    release_due()
    distribute(uow_for)
    for actor in (cast.owner, cast.agent, cast.admin):
        assert bodies(uow_for, actor, ticket_id) == []
        with uow_for(actor) as uow:
            after = ticket_lookup.read_ticket(uow, ticket_id)
            assert (after.version, after.updated_at) == (before.version, before.updated_at)
            assert after.comments_count == 0
            assert after.first_response_at is None
            query = TicketQuery(search="xylophone")
            assert ticket_list.count_tickets(uow, query, limit=10) == 0
    with uow_for(None) as uow:
        assert outbox.claim_due(uow, 100, (outbox.NOTIFICATIONS_TOPIC, outbox.CHANGES_TOPIC)) == []
    assert received(uow_for) == notified
    sent_at = clock.forward(seconds=1)
    release_due()
    release_due()
    distribute(uow_for)
    assert bodies(uow_for, cast.owner, ticket_id) == ["Change the *xylophone*."]
    with uow_for(cast.agent) as uow:
        after = ticket_lookup.read_ticket(uow, ticket_id)
        assert (after.comments_count, after.first_response_at) == (1, sent_at)
        entry = uow.connection.execute(
            select(entry_table).where(entry_table.c.kind == "comment")
        ).one()
        assert (entry.at, entry.actor_id, entry.by_staff) == (sent_at, cast.agent.id, True)
        assert entry.channel == "web"
        query = TicketQuery(search="xylophone")
        assert ticket_list.count_tickets(uow, query, limit=10) == 1
    assert ("owner", "reply", "Agnes Hale replied to SUP-1") in received(uow_for)


@pytest.mark.parametrize(
    ("held", "mail_hold", "due"), [(10, 60, 60), (30, 5, 30), (86_400, 60, 86_400)]
)
def test_email_leaves_at_the_later_of_both_holds(
    uow_for: UowFor,
    file_ticket: FileTicket,
    hold: Hold,
    release_due: Callable[[], None],
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    held: int,
    mail_hold: int,
    due: int,
) -> None:
    monkeypatch.setenv("TICKET_MAIL_HOLD_SECONDS", str(mail_hold))
    reload_settings()
    ticket_id = file_ticket()
    written_at = clock.now
    hold(ticket_id, seconds=held)
    clock.forward(seconds=held)
    release_due()
    distribute(uow_for)
    with uow_for(None) as uow:
        reply = uow.connection.execute(
            select(notification_table).where(notification_table.c.kind == "reply")
        ).one()
    assert reply.email_due_at == written_at + timedelta(seconds=due)
    assert reply.created_at == clock.now


@pytest.fixture
def add_file(uow_for: UowFor, tmp_path: Path) -> Callable[[Actor, str, str], None]:
    """Adds a text file to the draft of a person at a place."""

    def add(actor: Actor, place: str, name: str) -> None:
        path = tmp_path / "sent"
        path.write_bytes(b"hum")
        with uow_for(actor) as uow:
            upload = uploading.count_check_and_store(uow.actor, path, name, now=uow.now)
            attachments.attach_to_draft(uow, place, upload)

    return add


AddFile = Callable[[Actor, str, str], None]


def test_undo_restores_text_files_and_status(
    uow_for: UowFor,
    add_file: AddFile,
    cast: Cast,
    file_ticket: FileTicket,
    hold: Hold,
    release_due: Callable[[], None],
    clock: Clock,
) -> None:
    ticket_id = file_ticket()
    place = drafts.reply_place(ticket_id)
    add_file(cast.agent, place, "lamp.txt")
    with uow_for(cast.agent) as uow:
        drafts.save_draft(uow, place, {"body": "Ask @manager."})
    uuid = hold(ticket_id, "Ask @manager.", new_status=Status.RESOLVED)
    with uow_for(cast.agent) as uow:
        assert drafts.find_draft(uow, place) is None
        draft_place_of_held_reply = held_replies.draft_place_of_held_reply(uuid)
        assert [
            file.original_name
            for file in stored_files.list_draft_files(uow, draft_place_of_held_reply)
        ] == ["lamp.txt"]
        drafts.save_draft(uow, place, {"body": "And another thing"})
    add_file(cast.agent, place, "second.txt")
    with uow_for(cast.agent) as uow:
        taken = held_replies.take_back(uow, uuid)
    assert taken.content == "Ask @manager.\n\nAnd another thing"
    assert (taken.ticket_id, taken.new_status) == (ticket_id, Status.RESOLVED)
    with uow_for(cast.agent) as uow:
        draft = drafts.find_draft(uow, place)
        assert draft is not None
        assert draft.content["body"] == taken.content
        names = [file.original_name for file in stored_files.list_draft_files(uow, place)]
        assert names == ["lamp.txt", "second.txt"]
        assert drafts.find_draft(uow, draft_place_of_held_reply) is None
    clock.forward(hours=1)
    release_due()
    assert bodies(uow_for, cast.owner, ticket_id) == []
    with uow_for(cast.agent) as uow, pytest.raises(Conflict):
        held_replies.take_back(uow, uuid)


def test_release_attaches_files_sets_the_status_and_notifies_mentioned_people(
    uow_for: UowFor,
    add_file: AddFile,
    cast: Cast,
    file_ticket: FileTicket,
    hold: Hold,
    release_due: Callable[[], None],
    clock: Clock,
) -> None:
    ticket_id = file_ticket()
    add_file(cast.agent, drafts.reply_place(ticket_id), "lamp.txt")
    uuid = hold(ticket_id, "Done. @manager knows.", new_status=Status.RESOLVED)
    with uow_for(cast.owner) as uow:
        assert stored_files.list_ticket_files(uow, ticket_id) == []
        assert ticket_lookup.read_ticket(uow, ticket_id).status == Status.NEW
    clock.forward(seconds=10)
    release_due()
    row = state_of(uow_for, uuid)
    assert row.state == "sent"
    with uow_for(cast.owner) as uow:
        (file,) = stored_files.list_ticket_files(uow, ticket_id)
        assert (file.original_name, file.entry_id) == ("lamp.txt", row.entry_id)
        assert ticket_lookup.read_ticket(uow, ticket_id).status == Status.RESOLVED
    assert "manager" in {username for username, kind, _ in received(uow_for) if kind == "mention"}


def test_what_was_sent_cannot_be_taken_back_or_sent_again(
    uow_for: UowFor,
    cast: Cast,
    file_ticket: FileTicket,
    hold: Hold,
    release_due: Callable[[], None],
    clock: Clock,
) -> None:
    ticket_id = file_ticket()
    uuid = hold(ticket_id)
    clock.forward(seconds=11)
    release_due()
    with uow_for(cast.agent) as uow:
        with pytest.raises(Conflict):
            held_replies.take_back(uow, uuid)
        with pytest.raises(Conflict):
            held_release.send_now(uow, uuid)
        with pytest.raises(Conflict):
            held_replies.change_time(uow, uuid, clock.now + timedelta(days=1))
    with uow_for(None) as uow:
        assert held_release.release(uow, uuid) is None
    assert bodies(uow_for, cast.owner, ticket_id) == ["Change the bulb."]


def test_only_the_author_changes_a_held_reply(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, hold: Hold, clock: Clock
) -> None:
    ticket_id = file_ticket()
    undoable, scheduled = hold(ticket_id), hold(ticket_id, seconds=3600, is_scheduled=True)
    for actor in (cast.owner, cast.manager, cast.admin):
        with uow_for(actor) as uow:
            with pytest.raises(NotFound):
                held_replies.take_back(uow, scheduled)
            with pytest.raises(NotFound):
                held_release.send_now(uow, scheduled)
            with pytest.raises(NotFound):
                held_replies.change_time(uow, scheduled, clock.now + timedelta(days=1))
            shown = [row.uuid for row in held_replies.list_of_ticket(uow, ticket_id)]
            assert shown == ([] if actor is cast.owner else [scheduled])
    with uow_for(cast.agent) as uow:
        rows = held_replies.list_of_ticket(uow, ticket_id)
        assert [row.uuid for row in rows] == [undoable, scheduled]
        assert rows[0].author_name == "Agnes Hale"


def test_scheduled_reply_is_sent_at_its_new_time(
    uow_for: UowFor,
    cast: Cast,
    file_ticket: FileTicket,
    hold: Hold,
    release_due: Callable[[], None],
    clock: Clock,
) -> None:
    ticket_id = file_ticket()
    uuid = hold(ticket_id, seconds=3600, is_scheduled=True)
    with uow_for(cast.agent) as uow:
        for wrong in (clock.now, clock.now + timedelta(days=366)):
            with pytest.raises(Invalid):
                held_replies.change_time(uow, uuid, wrong)
        held_replies.change_time(uow, uuid, clock.now + timedelta(hours=2))
    clock.forward(hours=1)
    release_due()
    assert bodies(uow_for, cast.owner, ticket_id) == []
    clock.forward(hours=1)
    release_due()
    assert bodies(uow_for, cast.owner, ticket_id) == ["Change the bulb."]


def test_author_sends_a_scheduled_reply_at_once(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, hold: Hold
) -> None:
    ticket_id = file_ticket()
    uuid = hold(ticket_id, seconds=3600, is_scheduled=True)
    with uow_for(cast.agent) as uow:
        held_release.send_now(uow, uuid)
    assert bodies(uow_for, cast.owner, ticket_id) == ["Change the bulb."]
    assert state_of(uow_for, uuid).state == "sent"


@pytest.mark.parametrize(("writer", "is_cancelled"), [("owner", True), ("manager", False)])
def test_requesters_message_cancels_a_reply_if_its_author_chose_so(
    uow_for: UowFor,
    cast: Cast,
    file_ticket: FileTicket,
    hold: Hold,
    release_due: Callable[[], None],
    clock: Clock,
    writer: str,
    is_cancelled: bool,
) -> None:
    ticket_id = file_ticket()
    chosen = hold(ticket_id, "First", seconds=3600, is_scheduled=True, is_cancelled_by_reply=True)
    kept = hold(ticket_id, "Second", seconds=3600, is_scheduled=True)
    with uow_for(getattr(cast, writer)) as uow:
        commenting.add_comment(uow, locking.lock_ticket(uow, ticket_id), "It works again.")
    assert state_of(uow_for, kept).state == "waiting"
    row = state_of(uow_for, chosen)
    messages = [message for username, _, message in received(uow_for) if username == "agent"]
    if is_cancelled:
        assert (row.state, row.reason) == ("cancelled", held_replies.REQUESTER_WROTE_FIRST)
        assert any("was cancelled" in message for message in messages)
        with uow_for(cast.agent) as uow:
            assert [held.uuid for held in held_replies.list_of_ticket(uow, ticket_id)] == [
                chosen,
                kept,
            ]
            assert held_replies.take_back(uow, chosen).content == "First"
            assert [held.uuid for held in held_replies.list_of_ticket(uow, ticket_id)] == [kept]
    else:
        assert row.state == "waiting"
    clock.forward(hours=1)
    release_due()
    sent = bodies(uow_for, cast.owner, ticket_id)
    assert sent[1:] == (["Second"] if is_cancelled else ["First", "Second"])


def _deactivate(uow_for: UowFor, cast: Cast, ticket_id: int) -> None:
    with uow_for(None) as uow:
        uow.connection.execute(
            update(person_table).where(person_table.c.id == cast.agent.id).values(is_active=False)
        )


def _demote(uow_for: UowFor, cast: Cast, ticket_id: int) -> None:
    with uow_for(None) as uow:
        uow.connection.execute(
            update(person_table).where(person_table.c.id == cast.agent.id).values(role="user")
        )


def _forbid(uow_for: UowFor, cast: Cast, ticket_id: int) -> None:
    with uow_for(None) as uow:
        uow.connection.execute(
            update(person_table)
            .where(person_table.c.id == cast.agent.id)
            .values(permissions=["view_all_tickets", "work_tickets"])
        )


def _delete(uow_for: UowFor, cast: Cast, ticket_id: int) -> None:
    with uow_for(cast.admin) as uow:
        trash.delete_ticket(uow, locking.lock_ticket(uow, ticket_id))


def _merge(uow_for: UowFor, cast: Cast, ticket_id: int) -> None:
    with uow_for(cast.owner) as uow:
        other = open_ticket(uow, TicketDraft("Another lamp", "Dark.")).id
    assert other is not None
    with uow_for(cast.manager) as uow:
        merging.merge(uow, ticket_id, other)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_deactivate, "inactive"),
        (_demote, "not allowed"),
        (_forbid, "not allowed"),
        (_delete, "not found"),
        (_merge, "merged into"),
    ],
)
def test_reply_that_may_no_longer_be_sent_fails_with_the_reason(
    uow_for: UowFor,
    cast: Cast,
    file_ticket: FileTicket,
    hold: Hold,
    release_due: Callable[[], None],
    clock: Clock,
    change: Callable[[UowFor, Cast, int], None],
    reason: str,
) -> None:
    ticket_id = file_ticket()
    uuid = hold(ticket_id, seconds=60, is_scheduled=True)
    other_ticket_id = file_ticket()
    with uow_for(cast.manager) as uow:
        other = locking.lock_ticket(uow, other_ticket_id)
        held_replies.hold(uow, other, "Unaffected.", send_at=clock.now + timedelta(minutes=2))
    change(uow_for, cast, ticket_id)
    clock.forward(minutes=5)
    release_due()
    row = state_of(uow_for, uuid)
    assert row.state == "failed"
    assert reason in row.reason
    with uow_for(None) as uow:
        count = uow.connection.execute(
            select(func.count()).where(entry_table.c.body == "Change the bulb.")
        ).scalar_one()
    assert count == 0
    assert bodies(uow_for, cast.owner, other_ticket_id) == ["Unaffected."]
    if change is not _deactivate:
        assert f"Your reply to SUP-1 was not sent: {row.reason}" in {
            message for username, _, message in received(uow_for) if username == "agent"
        }


def test_hold_rejects_what_could_not_be_sent_now(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, hold: Hold
) -> None:
    ticket_id = file_ticket()
    with pytest.raises(Forbidden):
        hold(ticket_id, by=cast.owner)
    with pytest.raises(Invalid):
        hold(ticket_id, "  ")
    with pytest.raises(Invalid):
        hold(ticket_id, seconds=0, is_scheduled=True)
    waiting_id = file_ticket()
    with uow_for(None) as uow:
        uow.connection.execute(
            update(ticket_table)
            .where(ticket_table.c.id == waiting_id)
            .values(status=Status.PENDING_APPROVAL, status_group="waiting")
        )
    with pytest.raises(RuleViolation):
        hold(waiting_id, new_status=Status.RESOLVED)
    for _ in range(held_replies.MAX_WAITING):
        hold(ticket_id)
    with pytest.raises(RuleViolation):
        hold(ticket_id)


def test_undo_seconds_are_a_preference(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.agent) as uow:
        assert held_replies.get_own_undo_seconds(uow) == 10
        held_replies.set_own_undo_seconds(uow, 0)
        assert held_replies.get_own_undo_seconds(uow) == 0
        for wrong in (-1, 31):
            with pytest.raises(Invalid):
                held_replies.set_own_undo_seconds(uow, wrong)
        profiles.update_preferences(uow, {"undo_send_seconds": "many"})
        assert held_replies.get_own_undo_seconds(uow) == 10


RELEASER = """
import os, signal, sys
from uuid import UUID
from ticket_app.core.conversation import held_release, held_replies
from ticket_app.core.platform import database
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.timeline import timeline

engine = database.create_database_engine(sys.argv[1])
step = sys.argv[2]
if step == "after the entry":
    add_entry = timeline.add_entry
    def add_and_die(*args, **kwargs):
        add_entry(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)
    timeline.add_entry = add_and_die
if step == "before the commit":
    mark_sent = held_replies.mark_sent
    def mark_and_die(*args, **kwargs):
        mark_sent(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)
    held_replies.mark_sent = mark_and_die
with open_unit_of_work(writes=False, bind=engine) as uow:
    due = held_replies.list_due(uow)
for uuid in due:
    with open_unit_of_work(writes=True, bind=engine) as uow:
        held_release.release(uow, uuid)
if step == "after the commit":
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("step", ["after the entry", "before the commit", "after the commit"])
def test_reply_is_sent_once_when_a_process_dies(
    uow_for: UowFor,
    cast: Cast,
    file_ticket: FileTicket,
    hold: Hold,
    database_url: str,
    step: str,
) -> None:
    ticket_id = file_ticket()
    uuid = hold(ticket_id, new_status=Status.RESOLVED)
    _make_due(uow_for)
    command = [sys.executable, "-c", RELEASER, database_url, step]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    before = bodies(uow_for, cast.owner, ticket_id)
    assert before == (["Change the bulb."] if step == "after the commit" else [])
    assert state_of(uow_for, uuid).state == ("sent" if before else "waiting")
    subprocess.run([*command[:-1], "no crash"], cwd=ROOT, check=True)
    assert bodies(uow_for, cast.owner, ticket_id) == ["Change the bulb."]
    with uow_for(cast.owner) as uow:
        row = ticket_lookup.read_ticket(uow, ticket_id)
        assert (row.status, row.comments_count) == (Status.RESOLVED, 1)


def _make_due(uow_for: UowFor) -> None:
    """Move held replies into the past of the real clock, which other processes have."""
    with uow_for(None) as uow:
        uow.connection.execute(
            update(held_reply_table).values(
                send_at=datetime.fromisoformat("2020-01-01T00:00+00:00")
            )
        )


def test_two_processes_send_each_reply_once(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, hold: Hold, database_url: str
) -> None:
    ticket_ids = [file_ticket() for _ in range(3)]
    texts = [f"Reply {n}" for n in range(10)]
    for ticket_id in ticket_ids:
        for text in texts:
            hold(ticket_id, text)
    _make_due(uow_for)
    command = [sys.executable, "-c", RELEASER, database_url, "no crash"]
    processes = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    assert [process.wait(60) for process in processes] == [0, 0]
    for ticket_id in ticket_ids:
        assert sorted(bodies(uow_for, cast.owner, ticket_id), key=str) == texts

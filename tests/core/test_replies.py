"""A requester's reply to a finished ticket reopens it, or opens a new one linked to it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from tests.core.samples import png
from ticket_app.core.attachments import attachments, referenced_files, stored_files, uploading
from ticket_app.core.conversation import commenting, follow_ups
from ticket_app.core.notifications.notifications import list_own
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import RuleViolation
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Category, Kind, Priority, Severity, Status
from ticket_app.core.tickets import (
    assigning,
    counters,
    locking,
    merging,
    opening,
    status_changes,
    ticket_list,
    ticket_lookup,
)
from ticket_app.core.tickets.ticket_query import TicketQuery
from ticket_app.core.tickets.transitions import ReplyOutcome
from ticket_app.core.timeline import drafts, timeline
from ticket_app.settings import reload_settings


@pytest.fixture
def finished(uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket):
    """Files the owner's ticket, the manager's to work, and finishes it."""

    def finish(status: Status, by: Actor | None = None, **notification) -> int:
        ticket_id = file_ticket(by, **notification)
        with uow_for(cast.agent) as uow:
            ticket = locking.lock_ticket(uow, ticket_id)
            assigning.assign(uow, ticket, cast.manager.id)
            status_changes.change_status(uow, ticket, status)
        clock.forward(hours=1)
        return ticket_id

    return finish


@pytest.mark.parametrize("done", [Status.RESOLVED, Status.CLOSED])
@pytest.mark.parametrize("days", [0, 13.9])
def test_reply_reopens_the_ticket_and_notifies_the_assignee(
    uow_for: UowFor, cast: Cast, clock: Clock, finished, done: Status, days: float
) -> None:
    ticket_id = finished(done)
    clock.forward(days=days)
    with uow_for(cast.owner) as uow:
        posted = commenting.post_comment(
            uow, locking.lock_ticket(uow, ticket_id), "It flickers again"
        )
    with uow_for(cast.manager, writes=False) as uow:
        row = ticket_lookup.read_ticket(uow, ticket_id)
        assert (row.status, row.status_group, row.reopened_count) == ("reopened", "open", 1)
        assert row.resolved_at is row.closed_at is None
        assert (posted.outcome, posted.ticket.id) == (ReplyOutcome.REOPENED, ticket_id)
        assert [line.kind for line in timeline.list_entries(uow, ticket_id)][-2:] == [
            "comment",
            "change",
        ]
        (notification,) = list_own(uow)
        assert (notification.kind, notification.ticket_id, notification.entry_id) == (
            "requester_reply",
            ticket_id,
            posted.entry_id,
        )
        assert (
            notification.message == "The requester replied: a ticket assigned to you was reopened"
        )
        assert counters.count_all_tickets(uow).by_status == {"reopened": 1}


def test_days_count_from_leaving_the_open_groups(
    uow_for: UowFor, cast: Cast, clock: Clock, finished
) -> None:
    ticket_id = finished(Status.RESOLVED)
    clock.forward(days=10)
    with uow_for(cast.agent) as uow:
        status_changes.change_status(uow, locking.lock_ticket(uow, ticket_id), Status.CLOSED)
    clock.forward(days=5)
    with uow_for(cast.owner) as uow:
        posted = commenting.post_comment(uow, locking.lock_ticket(uow, ticket_id), "Again")
        assert posted.outcome is ReplyOutcome.FOLLOW_UP


@pytest.mark.parametrize("done", [Status.RESOLVED, Status.CLOSED])
def test_late_reply_opens_a_new_ticket_linked_both_ways(
    uow_for: UowFor, cast: Cast, clock: Clock, finished, done: Status
) -> None:
    ticket_id = finished(
        done,
        kind=Kind.INCIDENT,
        priority=Priority.HIGH,
        severity=Severity.MAJOR,
        category=Category.TECHNICAL,
        section="lamps",
        tags=["lamp", "Urgent thing"],
    )
    clock.forward(days=14)
    with uow_for(cast.owner) as uow:
        posted = commenting.post_comment(
            uow, locking.lock_ticket(uow, ticket_id), "It *flickers* again"
        )
    new_id = posted.ticket.id
    assert posted.outcome is ReplyOutcome.FOLLOW_UP
    assert new_id not in (None, ticket_id)
    with uow_for(cast.manager, writes=False) as uow:
        old, new = ticket_lookup.read_ticket(uow, ticket_id), ticket_lookup.read_ticket(uow, new_id)
        assert (old.status, old.reopened_count, old.comments_count) == (done, 0, 0)
        assert (new.status, new.assignee_id, new.due_at) == ("new", None, None)
        assert new.description == "It *flickers* again"
        same = ("title", "kind", "priority", "severity", "category", "section", "tags")
        for name in (*same, "requester_id", "company_id", "department_id", "channel"):
            assert getattr(new, name) == getattr(old, name), name
        (comment,) = commenting.list_comments(uow, new_id)
        assert (comment.id, comment.body) == (posted.entry_id, "It *flickers* again")
        assert commenting.is_opening_comment(new, comment)
        links = {
            (line.ticket_id, line.field, line.new_id, line.audience)
            for one in (ticket_id, new_id)
            for line in timeline.list_entries(uow, one)
            if line.field in ("follow_up", "follow_up_of")
        }
        assert links == {
            (ticket_id, "follow_up", new_id, "public"),
            (new_id, "follow_up_of", ticket_id, "public"),
        }
        assert [row.id for row in follow_ups.list_follow_ups(uow, ticket_id)] == [new_id]
        original = follow_ups.find_original(uow, new_id)
        assert original is not None
        assert original.id == ticket_id
        (notification,) = list_own(uow)
        assert (notification.kind, notification.ticket_id, notification.entry_id) == (
            "requester_reply",
            new_id,
            posted.entry_id,
        )
        assert counters.count_all_tickets(uow).by_status == {done: 1, "new": 1}


def test_later_replies_go_on_in_the_same_new_ticket(
    uow_for: UowFor, cast: Cast, clock: Clock, finished
) -> None:
    ticket_id = finished(Status.CLOSED)
    clock.forward(days=20)
    ids = []
    for words in ("It flickers again", "And it hums"):
        with uow_for(cast.owner) as uow:
            ids.append(
                commenting.post_comment(uow, locking.lock_ticket(uow, ticket_id), words).ticket.id
            )
    assert ids[0] == ids[1] != ticket_id
    with uow_for(cast.agent) as uow:
        status_changes.change_status(uow, locking.lock_ticket(uow, ids[0]), Status.RESOLVED)
    with uow_for(cast.owner) as uow:
        again = commenting.post_comment(uow, locking.lock_ticket(uow, ticket_id), "Still")
        assert (again.ticket.id, again.ticket.status) == (ids[0], "reopened")
    with uow_for(cast.agent) as uow:
        status_changes.change_status(uow, locking.lock_ticket(uow, ids[0]), Status.WONT_FIX)
    with uow_for(cast.owner) as uow:
        assert commenting.post_comment(
            uow, locking.lock_ticket(uow, ticket_id), "Really?"
        ).ticket.id not in (
            ids[0],
            ticket_id,
        )


def test_two_late_replies_at_once_open_one_ticket(
    uow_for: UowFor, cast: Cast, clock: Clock, finished
) -> None:
    ticket_id = finished(Status.CLOSED)
    clock.forward(days=20)

    def reply(words: str) -> int | None:
        with uow_for(cast.owner) as uow:
            return commenting.post_comment(
                uow, locking.lock_ticket(uow, ticket_id), words
            ).ticket.id

    with ThreadPoolExecutor(2) as pool:
        ids = set(pool.map(reply, ["One", "Two"]))
    assert len(ids) == 1
    with uow_for(cast.agent, writes=False) as uow:
        assert counters.count_all_tickets(uow).by_status == {"closed": 1, "new": 1}


def test_two_replies_at_once_reopen_once(
    uow_for: UowFor, cast: Cast, clock: Clock, finished
) -> None:
    ticket_id = finished(Status.RESOLVED)

    def reply(words: str) -> ReplyOutcome:
        with uow_for(cast.owner) as uow:
            return commenting.post_comment(uow, locking.lock_ticket(uow, ticket_id), words).outcome

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(reply, ["One", "Two"]))
    assert outcomes == [ReplyOutcome.STATUS_KEPT, ReplyOutcome.REOPENED]
    with uow_for(cast.manager, writes=False) as uow:
        row = ticket_lookup.read_ticket(uow, ticket_id)
        assert (row.reopened_count, row.comments_count, len(list_own(uow))) == (1, 2, 1)


@pytest.mark.parametrize("done", [Status.DUPLICATE, Status.WONT_FIX])
@pytest.mark.parametrize("days", [0, 30])
def test_what_was_closed_for_good_keeps_the_reply_and_stays_closed(
    uow_for: UowFor, cast: Cast, clock: Clock, finished, done: Status, days: int
) -> None:
    ticket_id = finished(done)
    clock.forward(days=days)
    with uow_for(cast.owner) as uow:
        posted = commenting.post_comment(uow, locking.lock_ticket(uow, ticket_id), "But why?")
    assert (posted.outcome, posted.ticket.id) == (ReplyOutcome.STATUS_KEPT, ticket_id)
    with uow_for(cast.manager, writes=False) as uow:
        row = ticket_lookup.read_ticket(uow, ticket_id)
        assert (row.status, row.reopened_count, row.comments_count) == (done, 0, 1)
        assert [(notification.kind, notification.message) for notification in list_own(uow)] == [
            (
                "requester_reply",
                "The requester replied to a finished ticket assigned to you, which stays finished",
            )
        ]


@pytest.mark.parametrize("days", [0, 30])
def test_a_merged_ticket_refuses_replies(
    uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket, days: int
) -> None:
    merged, into = file_ticket(), file_ticket()
    with uow_for(cast.agent) as uow:
        merging.merge(uow, merged, into)
    clock.forward(days=days)
    with uow_for(cast.owner) as uow, pytest.raises(RuleViolation, match="merged into SUP-2"):
        commenting.post_comment(uow, locking.lock_ticket(uow, merged), "Hello?")
    with uow_for(cast.agent, writes=False) as uow:
        assert ticket_lookup.read_ticket(uow, merged).status == "duplicate"
        assert counters.count_all_tickets(uow).by_status == {"duplicate": 1, "new": 1}


@pytest.mark.parametrize("days", [0, 30])
@pytest.mark.parametrize(("who", "internal"), [("agent", False), ("agent", True)])
def test_staff_comments_do_not_reopen(
    uow_for: UowFor, cast: Cast, clock: Clock, finished, days: int, who: str, internal: bool
) -> None:
    ticket_id = finished(Status.RESOLVED)
    clock.forward(days=days)
    with uow_for(getattr(cast, who)) as uow:
        ticket = locking.lock_ticket(uow, ticket_id)
        posted = commenting.post_comment(uow, ticket, "For the record", internal=internal)
    assert (posted.outcome, posted.ticket.id, posted.ticket.status) == (
        ReplyOutcome.STATUS_KEPT,
        ticket_id,
        "resolved",
    )


def test_an_agents_own_note_does_not_reopen_but_their_reply_does(
    uow_for: UowFor, cast: Cast, finished
) -> None:
    ticket_id = finished(Status.RESOLVED, by=cast.agent)
    with uow_for(cast.agent) as uow:
        ticket = locking.lock_ticket(uow, ticket_id)
        commenting.add_comment(uow, ticket, "A note to myself", internal=True)
        assert ticket.status == "resolved"
        commenting.add_comment(uow, ticket, "It flickers again")
        assert ticket.status == "reopened"


@pytest.fixture
def examined(tmp_path: Path) -> Callable[..., uploading.StoredUpload]:
    """Examines a small picture or log file, as the actor of a desk sends it."""

    def examine(uow: UnitOfWork, name: str) -> uploading.StoredUpload:
        path = tmp_path / "sent"
        path.write_bytes(png() if name.endswith("png") else b"hum")
        return uploading.count_check_and_store(uow.actor, path, name, now=uow.now)

    return examine


def test_an_attachment_alone_does_not_reopen(
    uow_for: UowFor, cast: Cast, finished, examined
) -> None:
    ticket_id = finished(Status.RESOLVED)
    with uow_for(cast.owner) as uow:
        ticket = locking.lock_ticket(uow, ticket_id)
        attachments.attach(uow, ticket, examined(uow, "lamp.png"))
        assert ticket.status == "resolved"


def test_files_of_a_late_reply_go_along(
    uow_for: UowFor, cast: Cast, clock: Clock, finished, examined
) -> None:
    ticket_id = finished(Status.CLOSED)
    clock.forward(days=20)
    place = drafts.reply_place(ticket_id)
    with uow_for(cast.owner) as uow:
        ticket = locking.lock_ticket(uow, ticket_id)
        sent = attachments.attach(uow, ticket, examined(uow, "lamp.png"))
        attachments.attach_to_draft(uow, place, examined(uow, "hum.log"))
    with uow_for(cast.owner) as uow:
        ticket = locking.lock_ticket(uow, ticket_id)
        posted = commenting.post_comment(uow, ticket, "See these", file_references=[sent.id or 0])
        attachments.attach_draft_files(uow, posted.ticket, place, entry_id=posted.entry_id)
    with uow_for(cast.owner, writes=False) as uow:
        assert stored_files.list_ticket_files(uow, ticket_id) == []
        files = stored_files.list_ticket_files(uow, posted.ticket.id or 0)
        assert [(file.original_name, file.entry_id) for file in files] == [
            ("lamp.png", posted.entry_id),
            ("hum.log", posted.entry_id),
        ]
        assert ticket_lookup.read_ticket(uow, ticket_id).attachments_count == 0
        assert ticket_lookup.read_ticket(uow, posted.ticket.id or 0).attachments_count == 2


def test_zero_days_means_that_every_reply_opens_a_new_ticket(
    uow_for: UowFor, cast: Cast, finished, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKET_REOPEN_DAYS", "0")
    reload_settings()
    ticket_id = finished(Status.RESOLVED)
    with uow_for(cast.owner) as uow:
        posted = commenting.post_comment(uow, locking.lock_ticket(uow, ticket_id), "Again")
        assert posted.outcome is ReplyOutcome.FOLLOW_UP


def test_reply_on_an_unassigned_ticket_notifies_no_one(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        status_changes.change_status(uow, locking.lock_ticket(uow, ticket_id), Status.RESOLVED)
    with uow_for(cast.owner) as uow:
        commenting.add_comment(uow, locking.lock_ticket(uow, ticket_id), "Again")
        assert locking.lock_ticket(uow, ticket_id).status == "reopened"
    for _, actor in cast:
        with uow_for(actor, writes=False) as uow:
            assert list_own(uow) == []


def test_no_file_is_enclosed_from_another_ticket_of_somebody_else(
    uow_for: UowFor, cast: Cast, finished, clock: Clock, examined
) -> None:
    ticket_id = finished(Status.CLOSED)
    with uow_for(cast.agent) as uow:
        held = locking.lock_ticket(uow, ticket_id)
        theirs = attachments.attach(uow, held, examined(uow, "lamp.png"))
    clock.forward(days=20)
    with uow_for(cast.owner) as uow:
        source, target = (
            locking.lock_ticket(uow, ticket_id),
            locking.lock_ticket(uow, file_ticket_id(uow)),
        )
        referenced_files.move_referenced_files(uow, source, target, [theirs.id or 0, "lamp.png"])
        assert (source.attachments_count, target.attachments_count) == (1, 0)


def test_a_file_that_moved_to_a_follow_up_is_found_on_that_ticket_only(
    uow_for: UowFor, cast: Cast, finished, clock: Clock, examined
) -> None:
    ticket_id = finished(Status.CLOSED)
    with uow_for(cast.owner) as uow:
        attachments.attach(uow, locking.lock_ticket(uow, ticket_id), examined(uow, "gasket.png"))
    clock.forward(days=20)
    with uow_for(cast.owner) as uow:
        source = locking.lock_ticket(uow, ticket_id)
        posted = commenting.post_comment(uow, source, "As shown", file_references=["gasket.png"])
        found = ticket_list.page(uow, TicketQuery(search="gasket"), PageRequest()).rows
        assert posted.is_follow_up
        assert [row.id for row in found] == [posted.ticket.id]


def file_ticket_id(uow: UnitOfWork) -> int:
    """Files another ticket of the actor's."""
    made = opening.open_ticket(uow, opening.TicketDraft(title="Other", description="Other"))
    assert made.id is not None
    return made.id

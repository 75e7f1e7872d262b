"""Replies reach everybody on the ticket, notes reach staff, and each has its effects."""

from __future__ import annotations

import pytest

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.conversation import commenting
from ticket_app.core.conversation.commenting import add_comment
from ticket_app.core.platform.errors import Forbidden, Invalid, NotFound
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.tickets import counters
from ticket_app.core.tickets.assigning import assign
from ticket_app.core.tickets.comment_totals import PREVIEW_LENGTH
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.status_changes import change_status
from ticket_app.core.timeline import timeline


def test_reply_is_recorded_counted_and_shown_to_the_requester(
    uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    clock.forward(minutes=4)
    with uow_for(cast.agent) as uow:
        entry_id = add_comment(uow, lock_ticket(uow, ticket_id), "Is it **plugged** in?\n")
    with uow_for(cast.owner) as uow:
        (comment,) = commenting.list_comments(uow, ticket_id)
        assert (comment.id, comment.body, comment.audience) == (
            entry_id,
            "Is it **plugged** in?\n",
            "public",
        )
        assert (comment.actor_username, comment.by_staff, comment.at) == ("agent", True, clock.now)
        ticket = lock_ticket(uow, ticket_id)
        assert (ticket.comments_count, ticket.notes_count) == (1, 0)
        assert ticket.last_comment == "Is it plugged in?"
        assert (ticket.last_comment_at, ticket.last_comment_by_id) == (clock.now, cast.agent.id)
        assert ticket.first_response_at == clock.now
        assert (ticket.version, ticket.updated_at) == (2, clock.now)
        assert timeline.get_entry(uow, ticket_id, entry_id).body == comment.body


def test_a_note_is_for_staff_only(
    uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    clock.forward(minutes=4)
    with uow_for(cast.agent) as uow:
        add_comment(uow, lock_ticket(uow, ticket_id), "A loose bulb, I bet", internal=True)
    for name, actor in cast:
        if name in ("colleague", "stranger"):
            continue
        with uow_for(actor) as uow:
            bodies = [comment.body for comment in commenting.list_comments(uow, ticket_id)]
            assert bodies == (["A loose bulb, I bet"] if actor.is_staff else []), name
            assert len(timeline.list_entries(uow, ticket_id)) == 1 + actor.is_staff
    with uow_for(cast.agent) as uow:
        ticket = lock_ticket(uow, ticket_id)
        assert (ticket.comments_count, ticket.notes_count) == (0, 1)
        assert ticket.last_comment is ticket.first_response_at is None


def test_a_requester_writes_no_note(uow_for: UowFor, cast: Cast, file_ticket: FileTicket) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.owner) as uow, pytest.raises(Forbidden):
        add_comment(uow, lock_ticket(uow, ticket_id), "Psst", internal=True)


@pytest.mark.parametrize("other", ["colleague", "stranger"])
def test_other_users_cannot_comment(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, other: str
) -> None:
    ticket_id = file_ticket()
    with uow_for(getattr(cast, other)) as uow, pytest.raises(NotFound):
        add_comment(uow, lock_ticket(uow, ticket_id), "Me too")


@pytest.mark.parametrize("nothing", ["", "  \n ", "\x00", "\ud800", "x" * 50_001])
def test_nothing_is_no_comment(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, nothing: str
) -> None:
    ticket_id = file_ticket()
    with pytest.raises(Invalid) as error, uow_for(cast.owner) as uow:
        add_comment(uow, lock_ticket(uow, ticket_id), nothing)
    assert error.value.field == "content"
    with uow_for(cast.owner) as uow:
        assert (
            lock_ticket(uow, ticket_id).comments_count,
            lock_ticket(uow, ticket_id).version,
        ) == (0, 1)


def test_only_the_first_answer_by_staff_is_the_first_response(
    uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    times = []
    for actor in (cast.owner, cast.agent, cast.manager):
        times.append(clock.forward(minutes=1))
        with uow_for(actor) as uow:
            add_comment(uow, lock_ticket(uow, ticket_id), "Hm")
    with uow_for(cast.owner) as uow:
        assert lock_ticket(uow, ticket_id).first_response_at == times[1]


def test_a_staff_member_does_not_answer_themselves_first(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket(cast.agent)
    with uow_for(cast.agent) as uow:
        add_comment(uow, lock_ticket(uow, ticket_id), "By the way")
        assert lock_ticket(uow, ticket_id).first_response_at is None


@pytest.mark.parametrize(("assigned", "becomes"), [(True, "in_progress"), (False, "open")])
def test_the_requesters_answer_takes_the_ticket_back_into_work(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, assigned: bool, becomes: str
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        if assigned:
            assign(uow, lock_ticket(uow, ticket_id), cast.agent.id)
        change_status(uow, lock_ticket(uow, ticket_id), Status.PENDING_USER)
    with uow_for(cast.agent) as uow:
        add_comment(uow, lock_ticket(uow, ticket_id), "Still waiting")
        assert lock_ticket(uow, ticket_id).status == "pending_user"
    with uow_for(cast.owner) as uow:
        add_comment(uow, lock_ticket(uow, ticket_id), "It is plugged in")
    with uow_for(cast.agent) as uow:
        ticket = lock_ticket(uow, ticket_id)
        assert (ticket.status, ticket.status_group) == (becomes, "open")
        assert (
            timeline.list_creation_and_field_changes(uow, ticket_id, "status")[-1].actor_username
            == "owner"
        )
        assert counters.count_all_tickets(uow).by_status == {becomes: 1}


def test_a_preview_is_short_and_plain(uow_for: UowFor, cast: Cast, file_ticket: FileTicket) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.owner) as uow:
        add_comment(uow, lock_ticket(uow, ticket_id), "# Oh\n\n" + "🏮 ﷺ " * 300)
        preview = lock_ticket(uow, ticket_id).last_comment
        assert preview is not None
        assert preview.startswith("Oh")
        assert len(preview) <= PREVIEW_LENGTH


def test_a_long_conversation_stays_writable(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    letters = [chr(0x20000 + n) for n in range(12_500)]
    rare = " ".join(a + b for a, b in zip(letters, reversed(letters), strict=True))
    ticket_id = file_ticket(description=rare[:50_000], steps_to_reproduce=rare[::-1])
    for actor, internal in ((cast.owner, False), (cast.agent, True)):
        for shift in range(1, 5):
            words = " ".join(
                chr(0x20000 + n) + chr(0x20000 + (n * 7 + shift * 1_000 + internal) % 40_000)
                for n in range(16_000)
            )
            with uow_for(actor) as uow:
                add_comment(uow, lock_ticket(uow, ticket_id), words, internal=internal)
    with uow_for(cast.agent) as uow:
        assert lock_ticket(uow, ticket_id).comments_count == 4
        assert lock_ticket(uow, ticket_id).notes_count == 4

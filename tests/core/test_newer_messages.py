"""Sending shows first what others have written since the writer looked."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.conversation import commenting, held_release, held_replies, newer_messages
from ticket_app.core.conversation.newer_messages import NewerMessages, SeenMessages
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.tickets import locking


@pytest.fixture
def seen_now(uow_for: UowFor, cast: Cast):
    def read(ticket_id: int) -> SeenMessages:
        with uow_for(cast.agent, writes=False) as uow:
            return newer_messages.take_seen_messages(uow, ticket_id)

    return read


@pytest.fixture
def post(uow_for: UowFor):
    def send(
        by: Actor,
        ticket_id: int,
        text: str,
        *,
        internal: bool = False,
        seen: SeenMessages | None = None,
    ) -> int:
        with uow_for(by) as uow:
            ticket = locking.lock_ticket(uow, ticket_id)
            added = commenting.post_comment(uow, ticket, text, internal=internal, seen=seen)
            return added.entry_id

    return send


@pytest.fixture
def hold(uow_for: UowFor, clock: Clock):
    def keep(by: Actor, ticket_id: int, text: str, seen: SeenMessages | None = None):
        with uow_for(by) as uow:
            ticket = locking.lock_ticket(uow, ticket_id)
            send_at = clock.now + timedelta(seconds=10)
            return held_replies.hold(uow, ticket, text, send_at=send_at, seen=seen).uuid

    return keep


def test_reply_is_refused_with_the_answers_of_others_until_they_are_acknowledged(
    cast: Cast, file_ticket: FileTicket, seen_now, post, hold
) -> None:
    ticket_id = file_ticket()
    post(cast.owner, ticket_id, "It hums, too.")
    seen = seen_now(ticket_id)
    post(cast.manager, ticket_id, "Change the bulb.")
    post(cast.owner, ticket_id, "Which one?")
    for send in (post, hold):
        with pytest.raises(NewerMessages) as newer:
            send(cast.agent, ticket_id, "Switch it off.", seen=seen)
        assert [(m.author_name, m.body, m.by_staff) for m in newer.value.messages] == [
            ("Manny Gere", "Change the bulb.", True),
            ("Olive Ownby", "Which one?", False),
        ]
        assert newer.value.seen == seen_now(ticket_id)
    assert post(cast.agent, ticket_id, "Switch it off.", seen=newer.value.seen)


def test_own_messages_notes_and_deleted_comments_ask_nothing(
    cast: Cast, uow_for: UowFor, file_ticket: FileTicket, seen_now, post
) -> None:
    ticket_id = file_ticket()
    seen = seen_now(ticket_id)
    post(cast.agent, ticket_id, "From my phone.")
    post(cast.manager, ticket_id, "Between us.", internal=True)
    mistaken = post(cast.manager, ticket_id, "Wrong ticket.")
    with uow_for(cast.manager) as uow:
        commenting.delete_comment(uow, mistaken)
    assert post(cast.agent, ticket_id, "And from my desk.", seen=seen)


def test_internal_note_and_clients_that_send_nothing_are_never_asked(
    cast: Cast, file_ticket: FileTicket, seen_now, post
) -> None:
    ticket_id = file_ticket()
    seen = seen_now(ticket_id)
    post(cast.owner, ticket_id, "It hums, too.")
    assert post(cast.agent, ticket_id, "He is cross.", internal=True, seen=seen)
    assert post(cast.agent, ticket_id, "Switch it off.")


def test_reply_that_a_colleague_can_still_take_back_is_shown_once(
    cast: Cast, uow_for: UowFor, clock: Clock, file_ticket: FileTicket, seen_now, post, hold
) -> None:
    ticket_id = file_ticket()
    seen = seen_now(ticket_id)
    held = hold(cast.manager, ticket_id, "Change the bulb.", seen)
    with pytest.raises(NewerMessages) as newer:
        hold(cast.agent, ticket_id, "Switch it off.", seen)
    assert [m.body for m in newer.value.messages] == ["Change the bulb."]
    assert newer.value.messages[0].entry_id is None
    clock.now += timedelta(seconds=11)
    with uow_for(None) as uow:
        assert held_release.release(uow, held)
    with pytest.raises(NewerMessages):
        hold(cast.agent, ticket_id, "Switch it off.", seen)
    assert hold(cast.agent, ticket_id, "Switch it off.", newer.value.seen)


def test_scheduled_reply_of_a_colleague_asks_nothing_before_it_is_sent(
    cast: Cast, uow_for: UowFor, clock: Clock, file_ticket: FileTicket, seen_now, hold
) -> None:
    ticket_id = file_ticket()
    seen = seen_now(ticket_id)
    with uow_for(cast.manager) as uow:
        ticket = locking.lock_ticket(uow, ticket_id)
        send_at = clock.now + timedelta(days=1)
        held_replies.hold(uow, ticket, "Tomorrow.", send_at=send_at, is_scheduled=True)
    assert hold(cast.agent, ticket_id, "Now.", seen)


@pytest.mark.parametrize("is_held", [False, True])
def test_of_two_who_send_at_once_the_second_is_asked(
    is_held: bool,
    cast: Cast,
    clock: Clock,
    database: Engine,
    file_ticket: FileTicket,
    seen_now,
) -> None:
    ticket_id = file_ticket()
    seen, start, results = seen_now(ticket_id), threading.Barrier(2), []

    def send(actor: Actor) -> None:
        start.wait()
        try:
            with open_unit_of_work(writes=True, actor=actor, clock=clock, bind=database) as uow:
                ticket = locking.lock_ticket(uow, ticket_id)
                if is_held:
                    send_at = clock.now + timedelta(seconds=10)
                    held_replies.hold(uow, ticket, "Mine", send_at=send_at, seen=seen)
                else:
                    commenting.post_comment(uow, ticket, "Mine", seen=seen)
            results.append("sent")
        except NewerMessages:
            results.append("asked")

    threads = [threading.Thread(target=send, args=(one,)) for one in (cast.agent, cast.manager)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["asked", "sent"]

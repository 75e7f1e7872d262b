"""Who gets a public reply, and how staff change who is in Cc."""

from __future__ import annotations

import pytest

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from tests.core.mailing import Deliver, entries, people, reply_address, write
from tests.core.test_distribution import comment, distribute
from tests.core.test_outgoing_email import Refusing, compose, emails, parsed, text_of
from tests.core.test_outgoing_email import deliver as send_due
from ticket_app.core.conversation import following
from ticket_app.core.email import copied_people
from ticket_app.core.email.known_domains import is_external
from ticket_app.core.email.outgoing import conversation, failures
from ticket_app.core.email.outgoing.transport import FailureScope
from ticket_app.core.email.reply_recipients import Obstacle, list_reply_recipients
from ticket_app.core.notifications import followers
from ticket_app.core.notifications.preferences import update_own_preferences
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Forbidden, Invalid, NotFound, RuleViolation
from ticket_app.core.platform.rate_limits import RateLimitExceeded
from ticket_app.tables import person_table

NIA = "nia@vendor.example"


@pytest.fixture
def ticket_id(deliver: Deliver, file_ticket: FileTicket) -> int:
    """A ticket of the owner, at a help desk with an address of its own."""
    return file_ticket()


def add(uow_for: UowFor, cast: Cast, ticket_id: int, text: str = f"Nia Cole <{NIA}>") -> None:
    with uow_for(cast.agent) as uow:
        copied_people.add_address(uow, ticket_id, text)


def remove(uow_for: UowFor, by: Actor, ticket_id: int) -> None:
    nia = people(uow_for)[NIA].id
    with uow_for(by) as uow:
        copied_people.remove_person(uow, ticket_id, nia)


def test_requester_and_people_in_cc_are_the_recipients(
    uow_for: UowFor, cast: Cast, ticket_id: int
) -> None:
    add(uow_for, cast, ticket_id)
    with uow_for(cast.agent) as uow:
        requester, copied = list_reply_recipients(uow, ticket_id)
    assert (requester.address, requester.is_requester, requester.is_external) == (
        cast.owner.email,
        True,
        False,
    )
    assert (copied.name, copied.address, copied.is_copied, copied.is_external, copied.obstacle) == (
        "Nia Cole",
        NIA,
        True,
        True,
        None,
    )


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("a@acme.example", False),
        ("a@Mail.ACME.example", False),
        ("a@notacme.example", True),
        ("a@example", True),
        ("a@gmail.com", True),
    ],
)
def test_only_known_domains_and_those_below_are_internal(address: str, expected: bool) -> None:
    assert is_external(address, frozenset({"acme.example"})) is expected


def test_public_mail_domain_of_staff_or_requester_makes_nobody_internal(
    uow_for: UowFor, cast: Cast, ticket_id: int
) -> None:
    with uow_for(cast.owner) as uow:
        uow.connection.execute(
            person_table.update()
            .where(person_table.c.id.in_([cast.owner.id, cast.manager.id]))
            .values(email=person_table.c.username + "@gmail.com")
        )
        uow.connection.execute(
            person_table.update()
            .where(person_table.c.id.in_([cast.owner.id, cast.manager.id]))
            .values(email_folded=person_table.c.username + "@gmail.com")
        )
    add(uow_for, cast, ticket_id, "other@gmail.com")
    with uow_for(cast.agent) as uow:
        marked = {row.address: row.is_external for row in list_reply_recipients(uow, ticket_id)}
    assert marked["other@gmail.com"] is True


def test_recipient_who_gets_no_email_is_marked_with_the_reason(
    uow_for: UowFor, cast: Cast, ticket_id: int
) -> None:
    add(uow_for, cast, ticket_id)
    with uow_for(cast.owner) as uow:
        update_own_preferences(uow, {"reply": {"email": False}})
    with uow_for(None) as uow:
        failures.mark_undeliverable(uow, NIA, "550 5.1.1 No such user")
    with uow_for(cast.agent) as uow:
        obstacles = [row.obstacle for row in list_reply_recipients(uow, ticket_id)]
    assert obstacles == [Obstacle.EMAIL_OFF, Obstacle.UNDELIVERABLE]
    with uow_for(cast.owner) as uow:
        following.unfollow_ticket(uow, str(ticket_id))
    with uow_for(cast.agent) as uow:
        assert list_reply_recipients(uow, ticket_id)[0].obstacle is Obstacle.UNSUBSCRIBED


def test_added_address_gets_the_next_reply_without_earlier_messages(
    uow_for: UowFor, cast: Cast, ticket_id: int, clock: Clock
) -> None:
    comment(uow_for, cast.agent, ticket_id)
    clock.forward(minutes=5)
    add(uow_for, cast, ticket_id)
    clock.forward(minutes=5)
    with uow_for(cast.agent) as uow:
        from_list = [row.address for row in list_reply_recipients(uow, ticket_id)]
    comment(uow_for, cast.agent, ticket_id)
    distribute(uow_for)
    clock.forward(minutes=5)
    compose(uow_for)
    to = {row.recipient: row for row in emails(uow_for)}
    assert sorted(to) == sorted(from_list) == sorted([cast.owner.email, NIA])
    source = to[NIA].source
    assert cast.owner.email not in source
    assert "Cc" not in parsed(to[NIA])
    assert text_of(to[NIA]).count("Look at the lamp.") == 1


def test_answer_of_somebody_in_cc_is_a_public_comment(
    uow_for: UowFor, cast: Cast, ticket_id: int, deliver: Deliver
) -> None:
    add(uow_for, cast, ticket_id)
    receipt = deliver(
        write(f"Nia <{NIA}>", "Re: lamp", "I see.", reply_address(uow_for, ticket_id))
    )
    assert receipt.status == "accepted"
    (answer,) = entries(uow_for, receipt.ticket)
    assert (answer.author, answer.audience) == (NIA, "public")


def test_changes_of_cc_are_on_the_timeline_for_staff_only(
    uow_for: UowFor, cast: Cast, ticket_id: int
) -> None:
    add(uow_for, cast, ticket_id)
    remove(uow_for, cast.agent, ticket_id)
    with uow_for(cast.agent) as uow:
        assert [row.is_copied for row in list_reply_recipients(uow, ticket_id)] == [False]
    changes = [row for row in entries(uow_for, "SUP-1", "change") if row.field == "copied_person"]
    assert [(row.old_value, row.new_value, row.audience) for row in changes] == [
        (None, f"Nia Cole <{NIA}>", "internal"),
        (f"Nia Cole <{NIA}>", None, "internal"),
    ]


def test_removed_person_takes_no_part_any_more(
    uow_for: UowFor, cast: Cast, ticket_id: int, deliver: Deliver
) -> None:
    add(uow_for, cast, ticket_id)
    remove(uow_for, cast.agent, ticket_id)
    receipt = deliver(write(NIA, "Re: lamp", "I see.", reply_address(uow_for, ticket_id)))
    assert (receipt.status, receipt.reason) == ("parked", "Reply from an unknown sender")
    with pytest.raises(NotFound):
        remove(uow_for, cast.agent, ticket_id)


def test_removed_person_gets_no_email_that_waits_or_has_failed(
    uow_for: UowFor, cast: Cast, ticket_id: int, clock: Clock
) -> None:
    comment(uow_for, cast.agent, ticket_id)
    clock.forward(minutes=5)
    add(uow_for, cast, ticket_id)
    for failure in (FailureScope.INSTALLATION, None):
        comment(uow_for, cast.agent, ticket_id)
        distribute(uow_for)
        clock.forward(minutes=5)
        compose(uow_for)
        if failure:
            send_due(uow_for, Refusing(failure))
    comment(uow_for, cast.agent, ticket_id)
    distribute(uow_for)
    assert [row.state for row in emails(uow_for) if row.recipient == NIA] == ["failed", "waiting"]
    remove(uow_for, cast.agent, ticket_id)
    clock.forward(minutes=5)
    compose(uow_for)
    dropped = [row for row in emails(uow_for) if row.recipient == NIA]
    assert [row.state for row in dropped] == ["dropped", "dropped"]
    assert {row.reason for row in dropped} == {copied_people.DROPPED_REASON}


def test_conversation_is_empty_for_somebody_who_takes_no_part(
    uow_for: UowFor, cast: Cast, ticket_id: int
) -> None:
    comment(uow_for, cast.agent, ticket_id)

    def count_messages(person: Actor) -> int:
        with uow_for(None) as uow:
            is_requester = person.id == cast.owner.id
            return len(
                conversation.list_messages(
                    uow, ticket_id, person.id, is_staff=False, is_requester=is_requester
                )
            )

    assert (count_messages(cast.owner), count_messages(cast.stranger)) == (2, 0)
    with uow_for(None) as uow:
        followers.follow(uow, ticket_id, cast.stranger.id, followers.FollowReason.PARTICIPANT)
    assert count_messages(cast.stranger) == 2


@pytest.mark.parametrize(
    "text",
    [
        *("", "nia", "nia@", "a@x.example, b@x.example", "a@x.example\r\nBcc: b@x.example"),
        *("support@desk.example.com", "support+bug-1.abcdefgh@desk.example.com"),
        "owner@example.com",
    ],
)
def test_what_is_no_address_of_somebody_new_is_refused(
    uow_for: UowFor, cast: Cast, ticket_id: int, text: str
) -> None:
    with uow_for(cast.agent) as uow, pytest.raises(Invalid):
        copied_people.add_address(uow, ticket_id, text)


def test_nobody_is_in_cc_twice_or_against_their_will(
    uow_for: UowFor, cast: Cast, ticket_id: int
) -> None:
    add(uow_for, cast, ticket_id)
    with uow_for(cast.agent) as uow, pytest.raises(Invalid, match="already"):
        copied_people.add_address(uow, ticket_id, NIA.upper())
    with uow_for(cast.agent) as uow:
        copied_people.add_person(uow, ticket_id, cast.stranger.id)
    with uow_for(None) as uow:
        followers.unfollow(uow, ticket_id, cast.stranger.id)
    with uow_for(cast.agent) as uow, pytest.raises(RuleViolation, match="has stopped email"):
        copied_people.add_person(uow, ticket_id, cast.stranger.id)


def test_requester_changes_nobody_in_cc_and_reads_names_only(
    uow_for: UowFor, cast: Cast, ticket_id: int
) -> None:
    add(uow_for, cast, ticket_id)
    with uow_for(cast.owner) as uow:
        assert copied_people.list_copied_names(uow, ticket_id) == ["Nia Cole"]
        with pytest.raises(Forbidden):
            list_reply_recipients(uow, ticket_id)
        with pytest.raises(Forbidden):
            copied_people.add_address(uow, ticket_id, "friend@customer.example")
    with pytest.raises(Forbidden):
        remove(uow_for, cast.owner, ticket_id)
    with uow_for(cast.stranger) as uow, pytest.raises(NotFound):
        copied_people.list_copied_names(uow, ticket_id)


def test_nobody_sends_spam_by_cc(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, ticket_id: int
) -> None:
    for n in range(copied_people.MAX_FOLLOWERS):
        add(uow_for, cast, ticket_id, f"p{n}@vendor.example")
    with uow_for(cast.agent) as uow, pytest.raises(RuleViolation, match="at most 30"):
        copied_people.add_address(uow, ticket_id, "one-more@vendor.example")
    other = file_ticket()
    for n in range(copied_people.MAX_ADDED_PER_HOUR - copied_people.MAX_FOLLOWERS - 1):
        add(uow_for, cast, other, f"q{n}@vendor.example")
    with uow_for(cast.agent) as uow, pytest.raises(RateLimitExceeded):
        copied_people.add_address(uow, other, "one-more@vendor.example")
    with uow_for(cast.agent) as uow, pytest.raises(RateLimitExceeded):
        copied_people.add_person(uow, other, cast.stranger.id)
    with uow_for(cast.agent) as uow:
        copied_people.add_person(uow, other, cast.manager.id)

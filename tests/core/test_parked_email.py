"""What agents do with parked email: a ticket, a message, discard, block, see the original."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.cast import Cast, UowFor
from tests.core.conftest import FileTicket
from tests.core.mailing import Deliver, emails, entries, reply_address, ticket_row, write
from tests.core.test_incoming_email import PNG
from ticket_app.core.email.incoming import blocking, parked
from ticket_app.core.email.incoming.states import MailChannel
from ticket_app.core.notifications import followers
from ticket_app.core.platform.errors import Conflict, Forbidden, Invalid, NotFound, RuleViolation
from ticket_app.tables import blocked_sender_table


@pytest.fixture
def parked_reply(deliver: Deliver, uow_for: UowFor, file_ticket: FileTicket) -> int:
    """A reply to SUP-1 from somebody who takes no part in it."""
    address = reply_address(uow_for, file_ticket())
    source = write(
        "Nia Cole <nia@customer.example>",
        "Re: lamp",
        "It is our lamp too.",
        address,
        files=[("dot.png", "image/png", PNG)],
    )
    assert deliver(source).status == "parked"
    email_id: int = emails(uow_for)[-1].id
    return email_id


def test_parked_email_is_listed_with_its_reason(
    uow_for: UowFor, cast: Cast, parked_reply: int
) -> None:
    with uow_for(cast.agent) as uow:
        (row,) = parked.list_parked(uow)
        assert parked.count_parked(uow) == 1
        assert parked.list_parked(uow, before_id=row.id) == []
    assert (row.id, row.reason, row.sender, row.sender_name) == (
        parked_reply,
        "Reply from an unknown sender",
        "nia@customer.example",
        "Nia Cole",
    )
    assert (row.key_prefix, row.key_number) == ("SUP", 1)


def test_email_is_added_to_a_ticket_in_the_name_of_its_sender(
    uow_for: UowFor, cast: Cast, parked_reply: int
) -> None:
    with uow_for(cast.agent) as uow:
        parked.add_to_ticket(uow, parked_reply, "SUP-1")
        assert uow.actor.id == cast.agent.id
    (comment,) = entries(uow_for, "SUP-1")
    assert (comment.body, comment.author, comment.channel) == (
        "It is our lamp too.",
        "nia@customer.example",
        "email",
    )
    ticket = ticket_row(uow_for, "SUP-1")
    assert ticket.attachments_count == 1
    (email,) = emails(uow_for)
    assert (email.state, email.entry_id, email.handled_by_id) == (
        "accepted",
        comment.id,
        cast.agent.id,
    )
    with uow_for(cast.agent) as uow:
        names = [row.email for row in followers.list_followers(uow, ticket.id)]
        assert "nia@customer.example" in names
        assert parked.list_parked(uow) == []
        (shown,) = parked.list_of_ticket(uow, ticket.id)
        assert (shown.id, shown.entry_id) == (parked_reply, comment.id)
    with uow_for(cast.owner) as uow:
        assert parked.list_of_ticket(uow, ticket.id) == []


def test_email_becomes_a_ticket_of_its_sender(
    uow_for: UowFor, cast: Cast, parked_reply: int
) -> None:
    with uow_for(cast.agent) as uow:
        ticket = parked.make_ticket(uow, parked_reply)
    row = ticket_row(uow_for, f"{ticket.key_prefix}-{ticket.key_number}")
    assert (row.title, row.description, row.channel) == (
        "Re: lamp",
        "It is our lamp too.",
        "email",
    )
    assert row.requester_id not in {person.id for _, person in cast}


def test_email_in_the_name_of_staff_becomes_an_internal_note(
    deliver: Deliver, uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    file_ticket()
    assert deliver(write("manager@example.com", "[SUP-1] mine")).status == "parked"
    (email,) = emails(uow_for)
    with uow_for(cast.agent) as uow:
        parked.add_to_ticket(uow, email.id, "SUP-1")
    assert [entry.audience for entry in entries(uow_for, "SUP-1")] == ["internal"]


def test_decision_is_made_once(uow_for: UowFor, cast: Cast, parked_reply: int) -> None:
    with uow_for(cast.agent) as uow:
        parked.discard(uow, parked_reply)
    assert emails(uow_for)[0].state == "discarded"
    for action in (parked.discard, parked.make_ticket, parked.block_sender):
        with pytest.raises(Conflict), uow_for(cast.agent) as uow:
            action(uow, parked_reply)
    with pytest.raises(NotFound), uow_for(cast.agent) as uow:
        parked.discard(uow, 999)


@pytest.mark.parametrize(
    ("whole_domain", "pattern"), [(False, "nia@customer.example"), (True, "customer.example")]
)
def test_sender_or_domain_is_blocked(
    deliver: Deliver,
    uow_for: UowFor,
    cast: Cast,
    parked_reply: int,
    whole_domain: bool,
    pattern: str,
) -> None:
    with uow_for(cast.agent) as uow:
        parked.block_sender(uow, parked_reply, whole_domain=whole_domain)
        assert [row.pattern for row in blocking.list_blocked(uow)] == [pattern]
    assert deliver(write("nia@customer.example")).is_rejected
    assert deliver(write("uma@customer.example")).is_rejected is whole_domain
    with uow_for(cast.agent) as uow:
        blocking.unblock(uow, blocking.list_blocked(uow)[0].id)
    assert deliver(write("nia@customer.example")).status == "accepted"


@pytest.mark.parametrize("pattern", ["", "x", "a b@c.example", "support@desk.example.com", "@"])
def test_block_list_takes_addresses_and_domains_only(
    deliver: Deliver, uow_for: UowFor, cast: Cast, pattern: str
) -> None:
    with pytest.raises(Invalid), uow_for(cast.agent) as uow:
        blocking.block(uow, pattern)
    with uow_for(cast.agent) as uow:
        assert uow.connection.execute(select(blocked_sender_table)).all() == []


def test_source_is_for_staff_only(uow_for: UowFor, cast: Cast, parked_reply: int) -> None:
    with uow_for(cast.agent) as uow:
        source = parked.get_source(uow, parked_reply)
        assert source.startswith(b"From: Nia Cole")
        assert parked.read_email(uow, parked_reply).text == "It is our lamp too."
    for action in (parked.get_source, parked.get_email, parked.discard, parked.make_ticket):
        with pytest.raises(Forbidden), uow_for(cast.owner) as uow:
            action(uow, parked_reply)
    with pytest.raises(Forbidden), uow_for(cast.owner) as uow:
        parked.list_parked(uow)


def test_email_without_a_sender_cannot_become_a_ticket(
    deliver: Deliver, uow_for: UowFor, cast: Cast
) -> None:
    receipt = deliver(b"Subject: hello\r\nDate: x\r\n\r\nHello\r\n")
    assert receipt.status == "parked"
    deliver(b"no message at all", channel=MailChannel.PIPE)
    for email in emails(uow_for):
        with pytest.raises(RuleViolation), uow_for(cast.agent) as uow:
            parked.make_ticket(uow, email.id)

"""Messages that staff forward by email, and the answers to them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import Cast, UowFor
from tests.core.conftest import FileTicket
from tests.core.mailing import Deliver, emails, entries, people, sent, ticket_row, write
from tests.core.test_distribution import distribute, received
from tests.core.test_incoming_email import PNG
from tests.core.test_outgoing_email import parsed, text_of
from ticket_app.core.conversation.commenting import add_comment
from ticket_app.core.email import forwarding, own_addresses
from ticket_app.core.email.outgoing import failures
from ticket_app.core.email.signatures import Unrecognised
from ticket_app.core.notifications import followers
from ticket_app.core.platform.errors import Forbidden, Invalid, NotFound
from ticket_app.core.platform.rate_limits import RateLimitExceeded
from ticket_app.core.tickets.locking import lock_ticket

FIX = "fix@vendor.example"


@pytest.fixture
def ticket_id(deliver: Deliver, uow_for: UowFor, cast: Cast, file_ticket: FileTicket) -> int:
    """A ticket of the owner with a note, a reply and an answer."""
    ticket_id = file_ticket()
    for by, text, internal in (
        (cast.agent, "They pay late.", True),
        (cast.agent, "Which lamp is it?", False),
        (cast.owner, "The one in the hall.", False),
    ):
        with uow_for(by) as uow:
            add_comment(uow, lock_ticket(uow, ticket_id), text, internal=internal)
    return ticket_id


def forward(uow_for: UowFor, cast: Cast, ticket_id: int, to: str = FIX, **values: Any) -> int:
    with uow_for(cast.agent) as uow:
        return forwarding.forward(uow, ticket_id, to, "Can you repair it?", **values)


def reply_to(uow_for: UowFor) -> str:
    return parsed(sent(uow_for)[-1])["Reply-To"].addresses[0].addr_spec


def test_whole_public_conversation_is_forwarded_without_notes(
    uow_for: UowFor, cast: Cast, ticket_id: int
) -> None:
    note_id = forward(uow_for, cast, ticket_id, f"Fix It <{FIX}>")
    (email,) = sent(uow_for)
    message = parsed(email)
    assert (email.kind, email.state, email.recipient, email.entry_id, email.person_id) == (
        "forward",
        "waiting",
        FIX,
        note_id,
        None,
    )
    assert message["To"] == f"Fix It <{FIX}>"
    assert message["Subject"] == "Fwd: [SUP-1] The lamp flickers"
    assert "Agatha" in message["From"] or cast.agent.full_name in message["From"]
    for kind in ("plain", "html"):
        text = text_of(email, kind)
        for words in ("Can you repair it?", "Since noon.", "Which lamp is it?", "in the hall."):
            assert words in text
        assert "They pay late." not in text
    assert cast.owner.email not in email.source


def test_internal_note_names_the_recipient_and_the_content(
    uow_for: UowFor, cast: Cast, ticket_id: int
) -> None:
    note_id = forward(uow_for, cast, ticket_id, message_id=forwarding.DESCRIPTION)
    note = entries(uow_for, "SUP-1")[-1]
    assert (note.id, note.audience, note.author, note.body_format) == (
        note_id,
        "internal",
        cast.agent.email,
        "plain",
    )
    assert note.body.startswith(f"Forwarded to {FIX}\n\nCan you repair it?\n\n----------")
    assert "Since noon." in note.body
    assert "hall" not in note.body
    ticket = ticket_row(uow_for, "SUP-1")
    assert (ticket.notes_count, ticket.comments_count) == (2, 2)


def test_internal_note_is_never_forwarded(uow_for: UowFor, cast: Cast, ticket_id: int) -> None:
    secret = next(row for row in entries(uow_for, "SUP-1") if row.audience == "internal")
    with pytest.raises(NotFound):
        forward(uow_for, cast, ticket_id, message_id=secret.id)
    assert sent(uow_for) == []


def test_message_of_another_ticket_is_not_forwarded(
    uow_for: UowFor, cast: Cast, ticket_id: int, file_ticket: FileTicket
) -> None:
    public = entries(uow_for, "SUP-1")[-1]
    other = file_ticket()
    with pytest.raises(NotFound):
        forward(uow_for, cast, other, message_id=public.id)


def test_files_are_forwarded_as_links_if_asked_for(
    uow_for: UowFor, cast: Cast, deliver: Deliver
) -> None:
    receipt = deliver(write(files=[("dot.png", "image/png", PNG)]))
    ticket_id = ticket_row(uow_for, receipt.ticket).id
    forward(uow_for, cast, ticket_id)
    assert "dot.png" not in text_of(sent(uow_for)[-1])
    forward(uow_for, cast, ticket_id, with_files=True)
    assert "/mail/files/" in text_of(sent(uow_for)[-1])


def test_answer_becomes_an_internal_note_of_its_sender(
    uow_for: UowFor, cast: Cast, ticket_id: int, deliver: Deliver
) -> None:
    forward(uow_for, cast, ticket_id)
    answer = write(
        FIX,
        "Re: Fwd",
        "Yes, on Monday. @mia",
        reply_to(uow_for),
        headers={"Cc": "boss@vendor.example"},
        files=[("dot.png", "image/png", PNG)],
    )
    receipt = deliver(answer)
    assert (receipt.status, receipt.ticket) == ("accepted", "SUP-1")
    note = entries(uow_for, "SUP-1")[-1]
    assert (note.body, note.author, note.audience, note.by_staff, note.channel) == (
        "Yes, on Monday. @mia",
        FIX,
        "internal",
        False,
        "email",
    )
    assert emails(uow_for)[-1].entry_id == note.id
    ticket = ticket_row(uow_for, "SUP-1")
    assert (ticket.internal_attachments_count, ticket.attachments_count) == (1, 0)
    assert "boss@vendor.example" not in people(uow_for)
    with uow_for(cast.agent) as uow:
        assert FIX not in [row.email for row in followers.list_followers(uow, ticket_id)]
    distribute(uow_for)
    names = {name for name, kind, _ in received(uow_for) if kind == "note"}
    assert names == {"agent"}


def test_answer_by_message_id_is_internal_too(
    uow_for: UowFor, cast: Cast, ticket_id: int, deliver: Deliver
) -> None:
    forward(uow_for, cast, ticket_id)
    in_reply_to = {"In-Reply-To": sent(uow_for)[-1].message_id}
    assert deliver(write(FIX, "Re: Fwd", "Yes.", headers=in_reply_to)).ticket == "SUP-1"
    assert entries(uow_for, "SUP-1")[-1].audience == "internal"


def test_answer_of_somebody_else_is_parked(
    uow_for: UowFor, cast: Cast, ticket_id: int, deliver: Deliver
) -> None:
    forward(uow_for, cast, ticket_id)
    for sender in ("thief@evil.example", cast.owner.email, cast.agent.email):
        receipt = deliver(write(sender, "Re: Fwd", "Pay me.", reply_to(uow_for)))
        assert (receipt.status, receipt.reason) == ("parked", "Reply from an unknown sender")


def test_whoever_answered_takes_no_part_in_the_ticket(
    uow_for: UowFor, cast: Cast, ticket_id: int, deliver: Deliver
) -> None:
    forward(uow_for, cast, ticket_id)
    deliver(write(FIX, "Re: Fwd", "Yes.", reply_to(uow_for)))
    receipt = deliver(write(FIX, "About [SUP-1]", "Hello, customer."))
    assert (receipt.status, receipt.ticket) == ("accepted", "SUP-2")


def test_altered_address_leads_nowhere(ticket_id: int) -> None:
    address = own_addresses.format_forward_address("SUP-1", 7)
    assert own_addresses.read_forward_address(address.upper()) == 7
    assert own_addresses.read_reply_address(address) is Unrecognised.NOT_OURS
    other = address.replace("-f7.", "-f8.")
    assert own_addresses.read_forward_address(other) is Unrecognised.WRONG_SIGNATURE
    assert own_addresses.is_own_address(address)


@pytest.mark.parametrize(
    "to", ["owner@example.com", "support@desk.example.com", "a@b.example, c@d.example", "x"]
)
def test_address_that_cannot_be_forwarded_to_is_refused(
    uow_for: UowFor, cast: Cast, ticket_id: int, to: str
) -> None:
    with pytest.raises(Invalid):
        forward(uow_for, cast, ticket_id, to)
    assert sent(uow_for) == []


def test_undeliverable_address_is_refused(uow_for: UowFor, cast: Cast, ticket_id: int) -> None:
    with uow_for(None) as uow:
        failures.mark_undeliverable(uow, FIX, "550")
    with pytest.raises(Invalid, match="undeliverable"):
        forward(uow_for, cast, ticket_id)


def test_requester_and_stranger_forward_nothing(
    uow_for: UowFor, cast: Cast, ticket_id: int
) -> None:
    with uow_for(cast.owner) as uow, pytest.raises(Forbidden):
        forwarding.forward(uow, ticket_id, FIX)
    with uow_for(cast.stranger) as uow, pytest.raises(NotFound):
        forwarding.forward(uow, ticket_id, FIX)


def test_nobody_sends_spam_by_forwarding(uow_for: UowFor, cast: Cast, ticket_id: int) -> None:
    for _ in range(forwarding.MAX_FORWARDED_PER_HOUR):
        forward(uow_for, cast, ticket_id, message_id=0)
    with pytest.raises(RateLimitExceeded):
        forward(uow_for, cast, ticket_id, message_id=0)


def test_failure_of_a_forwarded_message_is_noted(
    uow_for: UowFor, cast: Cast, ticket_id: int
) -> None:
    forward(uow_for, cast, ticket_id, message_id=0)
    with uow_for(None) as uow:
        failures.mark_undeliverable(uow, FIX, "550")
    assert sent(uow_for)[-1].state == "dropped"

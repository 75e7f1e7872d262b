"""What becomes of an email that arrives: tickets, comments, people and parked mail (MAIL.md)."""

from __future__ import annotations

import threading as threads
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, update

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from tests.core.mailing import (
    SUPPORT,
    Deliver,
    emails,
    entries,
    people,
    reply_address,
    sent,
    ticket_row,
    write,
)
from tests.core.test_distribution import assign
from tests.core.test_outgoing_email import compose
from ticket_app.core.email import message_ids
from ticket_app.core.email.incoming import receiving, writing
from ticket_app.core.email.incoming.receiving import Receipt
from ticket_app.core.email.incoming.source import NotAMessage
from ticket_app.core.email.incoming.states import MailChannel
from ticket_app.core.notifications import followers
from ticket_app.core.platform.errors import Unavailable
from ticket_app.core.platform.storage import file_storage
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.tickets import locking, merging, status_changes
from ticket_app.settings import reload_settings
from ticket_app.tables import incoming_email_table, person_table, ticket_table

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa75\x81\x84"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)


def set_status(uow_for: UowFor, by: Any, ticket_id: int, status: Status) -> None:
    with uow_for(by) as uow:
        status_changes.change_status(uow, locking.lock_ticket(uow, ticket_id), status)


def test_email_of_a_new_sender_becomes_their_ticket(deliver: Deliver, uow_for: UowFor) -> None:
    receipt = deliver(write("Uma Thorne <Uma@Customer.example>", "The lamp", "It flickers."))
    assert (receipt.status, receipt.ticket, receipt.reason) == ("accepted", "SUP-1", None)
    ticket = ticket_row(uow_for, receipt.ticket)
    assert (ticket.title, ticket.description, ticket.channel) == (
        "The lamp",
        "It flickers.",
        "email",
    )
    assert ticket.text_formats["description"] == "plain"
    uma = people(uow_for)["Uma@Customer.example"]
    assert (uma.full_name, uma.role, uma.password_hash) == ("Uma Thorne", "user", None)
    assert uma.email_verified_at is not None
    assert ticket.requester_id == uma.id
    (email,) = emails(uow_for)
    assert (email.state, email.ticket_id, email.person_id) == ("accepted", ticket.id, uma.id)
    (created,) = entries(uow_for, receipt.ticket, "created")
    assert (email.entry_id, created.channel) == (created.id, "email")


def test_acknowledgement_is_sent_to_the_sender(
    deliver: Deliver, uow_for: UowFor, clock: Clock
) -> None:
    source = write(message_id="<first@customer.example>")
    receipt = deliver(source)
    clock.forward(minutes=2)
    compose(uow_for)
    (email,) = sent(uow_for)
    assert (email.kind, email.recipient) == ("ticket_created", "uma@customer.example")
    assert f"[{receipt.ticket}]" in email.subject
    assert "In-Reply-To: <first@customer.example>" in email.source


@pytest.mark.parametrize("channel", list(MailChannel))
def test_repeated_message_is_a_duplicate_whichever_way_it_arrives(
    deliver: Deliver, uow_for: UowFor, channel: MailChannel
) -> None:
    source = write()
    first = deliver(source)
    assert deliver(source, channel=channel) == Receipt("duplicate", first.ticket)
    assert len(emails(uow_for)) == 1


def test_message_without_an_id_is_known_by_its_source(deliver: Deliver, uow_for: UowFor) -> None:
    source = write(message_id=None)
    assert deliver(source).status == "accepted"
    assert deliver(source).status == "duplicate"
    assert deliver(source + b"\nMore.").status == "accepted"


def test_same_id_of_another_sender_is_another_message(deliver: Deliver) -> None:
    assert deliver(write(message_id="<1@x.example>")).status == "accepted"
    other = write("Bob <bob@customer.example>", message_id="<1@x.example>")
    assert deliver(other).status == "accepted"


def test_message_delivered_twice_at_once_is_processed_once(
    deliver: Deliver, uow_for: UowFor
) -> None:
    source = write(files=[("dot.png", "image/png", PNG)])
    receipts: list[Receipt] = []
    workers = [threads.Thread(target=lambda: receipts.append(deliver(source))) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(receipt.status for receipt in receipts) == ["accepted", *["duplicate"] * 3]
    assert {receipt.ticket for receipt in receipts} == {"SUP-1"}
    assert len(emails(uow_for)) == 1


def test_first_messages_of_one_sender_at_once_make_one_person(
    deliver: Deliver, uow_for: UowFor
) -> None:
    sources = [write(text=f"Message {n}.") for n in range(3)]
    receipts: list[Receipt] = []
    workers = [
        threads.Thread(target=lambda source=source: receipts.append(deliver(source)))
        for source in sources
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [receipt.status for receipt in receipts] == ["accepted"] * 3
    assert len({email.person_id for email in emails(uow_for)}) == 1


def test_failure_in_the_middle_leaves_nothing_and_the_next_delivery_succeeds(
    deliver: Deliver, uow_for: UowFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write()

    def fail(*_: Any, **__: Any) -> None:
        raise Unavailable("The database went away")

    with monkeypatch.context() as patch:
        patch.setattr(receiving, "save_outcome", fail)
        with pytest.raises(Unavailable):
            deliver(source)
    assert emails(uow_for) == []
    assert deliver(source).status == "accepted"


def test_source_is_stored_unchanged(deliver: Deliver, uow_for: UowFor) -> None:
    source = write()
    deliver(source)
    (email,) = emails(uow_for)
    assert b"".join(file_storage().stream(email.storage_key)) == source


def test_what_is_no_message_is_parked_with_its_source(deliver: Deliver, uow_for: UowFor) -> None:
    with pytest.raises(NotAMessage):
        deliver(b"hello", channel=MailChannel.HTTP)
    assert deliver(b"hello", channel=MailChannel.PIPE).status == "parked"
    (email,) = emails(uow_for)
    assert b"".join(file_storage().stream(email.storage_key)) == b"hello"


def test_message_that_cannot_be_written_is_parked_with_the_reason(
    deliver: Deliver, uow_for: UowFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(writing, "open_ticket", fail)
    receipt = deliver(write())
    assert (receipt.status, receipt.reason) == ("parked", receiving.PROCESSING_FAILED)
    assert "uma@customer.example" not in people(uow_for)


def test_reply_to_the_signed_address_is_a_comment(
    deliver: Deliver, uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    address = reply_address(uow_for, file_ticket())
    receipt = deliver(write("OWNER@example.com", "Re: lamp", "Still dark.", address.upper()))
    assert (receipt.status, receipt.ticket) == ("accepted", "SUP-1")
    (comment,) = entries(uow_for, "SUP-1")
    assert (comment.body, comment.author, comment.audience, comment.channel) == (
        "Still dark.",
        "owner@example.com",
        "public",
        "email",
    )
    assert comment.body_format == "plain"


def test_reply_to_a_signed_message_id_is_a_comment(
    deliver: Deliver, uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    file_ticket()
    ticket = ticket_row(uow_for, "SUP-1")
    (created,) = entries(uow_for, "SUP-1", "created")
    message_id = message_ids.format_message_id(ticket.uuid, created.uuid)
    for header in ("In-Reply-To", "References"):
        source = write("owner@example.com", "Re: x", header, headers={header: message_id})
        assert deliver(source).ticket == "SUP-1"
    assert [comment.body for comment in entries(uow_for, "SUP-1")] == ["In-Reply-To", "References"]


def test_number_in_the_subject_counts_for_those_who_take_part(
    deliver: Deliver, uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    file_ticket()
    assert deliver(write("owner@example.com", "Re: [SUP-1] lamp")).ticket == "SUP-1"
    assert deliver(write("stranger@example.com", "Re: [SUP-1] lamp")).ticket == "SUP-2"
    assert deliver(write("new@customer.example", "Re: [SUP-1] lamp")).ticket == "SUP-3"


@pytest.mark.parametrize("where", ["address", "message_id"])
def test_wrong_signature_never_leads_to_a_ticket(
    deliver: Deliver, uow_for: UowFor, cast: Cast, file_ticket: FileTicket, where: str
) -> None:
    file_ticket()
    ticket = ticket_row(uow_for, "SUP-1")
    forged = "0123456789abcdef"
    if where == "address":
        source = write(
            "owner@example.com", "Re: [SUP-1]", to=f"support+SUP-1.{forged}@desk.example.com"
        )
    else:
        message_id = f"<{ticket.uuid}.{ticket.uuid}.{forged}@desk.example.com>"
        source = write("owner@example.com", "Re: [SUP-1]", headers={"In-Reply-To": message_id})
    receipt = deliver(source)
    assert receipt.ticket == "SUP-2"
    assert entries(uow_for, "SUP-1") == []


@pytest.mark.parametrize("sender", ["stranger@example.com", "nobody@elsewhere.example"])
def test_signed_reply_of_somebody_else_is_parked(
    deliver: Deliver, uow_for: UowFor, cast: Cast, file_ticket: FileTicket, sender: str
) -> None:
    address = reply_address(uow_for, file_ticket())
    receipt = deliver(write(sender, to=address))
    assert (receipt.status, receipt.ticket) == ("parked", None)
    assert receipt.reason == "Reply from an unknown sender"
    assert entries(uow_for, "SUP-1") == []
    assert "nobody@elsewhere.example" not in people(uow_for)


def test_reply_to_a_merged_ticket_reaches_the_one_it_was_merged_into(
    deliver: Deliver, uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    first, second = file_ticket(), file_ticket()
    address = reply_address(uow_for, first)
    with uow_for(cast.agent) as uow:
        merging.merge(uow, first, second)
    assert deliver(write("owner@example.com", to=address)).ticket == "SUP-2"
    assert ticket_row(uow_for, "SUP-1").status == "duplicate"


def test_reply_to_a_ticket_in_the_trash_becomes_a_new_one(
    deliver: Deliver, uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket
) -> None:
    address = reply_address(uow_for, file_ticket())
    with uow_for(None) as uow:
        uow.connection.execute(update(ticket_table).values(deleted_at=clock.now))
    assert deliver(write("owner@example.com", to=address)).ticket == "SUP-2"


def test_unverified_account_matches_nobody_and_claims_nothing(
    deliver: Deliver, uow_for: UowFor, cast: Cast
) -> None:
    with uow_for(None) as uow:
        uow.connection.execute(
            update(person_table)
            .where(person_table.c.id == cast.stranger.id)
            .values(email_verified_at=None)
        )
    receipt = deliver(write("Real Stig <stranger@example.com>"))
    assert ticket_row(uow_for, receipt.ticket).requester_id != cast.stranger.id
    with uow_for(None) as uow:
        account = uow.connection.execute(
            person_table.select().where(person_table.c.id == cast.stranger.id)
        ).one()
    assert account.email == "stranger@example.com"
    assert account.email_folded == f"unverified:{account.uuid}"
    again = deliver(write("stranger@example.com", "Another"))
    first_id = ticket_row(uow_for, receipt.ticket).requester_id
    assert ticket_row(uow_for, again.ticket).requester_id == first_id


def test_name_of_staff_is_not_taken_over(deliver: Deliver, uow_for: UowFor) -> None:
    receipt = deliver(write('"Agnes Hale" <agent@evil.example>'))
    assert receipt.status == "accepted"
    person = people(uow_for)["agent@evil.example"]
    assert person.full_name.casefold() not in ("agnes hale", "agent")
    assert person.username != "agent"
    assert person.role == "user"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Uma <b>Thorne</b>", "uma"),
        ("Uma\u202e Thorne", "Uma Thorne"),
        ("boss@bank.example", "uma"),
        ("https://evil.example click", "uma"),
    ],
)
def test_display_name_is_cleaned(
    deliver: Deliver, uow_for: UowFor, name: str, expected: str
) -> None:
    deliver(write(headers={}, sender=f'"{name}" <uma@customer.example>'))
    assert people(uow_for)["uma@customer.example"].full_name == expected


@pytest.mark.parametrize(
    ("policy", "status", "is_rejected"),
    [("accept", "accepted", False), ("park", "parked", False), ("refuse", "ignored", True)],
)
def test_unknown_senders_are_accepted_parked_or_refused(
    deliver: Deliver,
    uow_for: UowFor,
    monkeypatch: pytest.MonkeyPatch,
    policy: str,
    status: str,
    is_rejected: bool,
) -> None:
    monkeypatch.setenv("TICKET_MAIL_UNKNOWN_SENDERS", policy)
    reload_settings()
    receipt = deliver(write())
    assert (receipt.status, receipt.is_rejected) == (status, is_rejected)
    assert deliver(write("owner@example.com")).status == "accepted"


def test_people_in_to_and_cc_follow_the_ticket(
    deliver: Deliver, uow_for: UowFor, cast: Cast
) -> None:
    receipt = deliver(
        write(
            "owner@example.com",
            to=f"{SUPPORT}, Colleague@example.com",
            headers={"Cc": "Nia Cole <nia@customer.example>, support+x@desk.example.com"},
        )
    )
    ticket_id = ticket_row(uow_for, receipt.ticket).id
    with uow_for(None) as uow:
        rows = followers.list_followers(uow, ticket_id)
    assert sorted((row.email, row.reason) for row in rows) == [
        ("colleague@example.com", "cc"),
        ("nia@customer.example", "cc"),
    ]
    assert deliver(write("nia@customer.example", f"Re: [{receipt.ticket}]")).ticket == (
        receipt.ticket
    )


def test_agent_replies_publicly_from_the_signed_address(
    deliver: Deliver, uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    address = reply_address(uow_for, file_ticket())
    assert deliver(write("agent@example.com", text="We look.", to=address)).status == "accepted"
    source = write("agent@example.com", text="Note: he is right.\nCall him.", to=address)
    assert deliver(source).status == "accepted"
    public, internal = entries(uow_for, "SUP-1")
    assert (public.body, public.audience, public.by_staff) == ("We look.", "public", True)
    assert (internal.body, internal.audience) == ("he is right.\nCall him.", "internal")
    assert ticket_row(uow_for, "SUP-1").first_response_at is not None


@pytest.mark.parametrize("evidence", ["subject", "message_id", "wrong"])
def test_agents_name_without_the_signed_address_adds_nothing(
    deliver: Deliver, uow_for: UowFor, cast: Cast, file_ticket: FileTicket, evidence: str
) -> None:
    file_ticket()
    assign(uow_for, cast.manager, ticket_row(uow_for, "SUP-1").id, cast.agent.id)
    ticket = ticket_row(uow_for, "SUP-1")
    headers: dict[str, str] = {}
    to = SUPPORT
    if evidence == "message_id":
        headers["In-Reply-To"] = message_ids.format_message_id(ticket.uuid, ticket.uuid)
    if evidence == "wrong":
        to = "support+SUP-1.0123456789abcdef@desk.example.com"
    receipt = deliver(write("agent@example.com", "Re: [SUP-1]", to=to, headers=headers))
    assert (receipt.status, receipt.ticket) == ("parked", None)
    assert entries(uow_for, "SUP-1") == []


OUR_PASS = "mx.desk.example; dmarc=pass header.from=example.com"
OUR_FAIL = (
    "mx.desk.example; spf=pass smtp.mailfrom=evil.example; dmarc=fail header.from=example.com"
)


@pytest.mark.parametrize(
    ("results", "sender", "status"),
    [
        ([OUR_PASS], "agent@example.com", "accepted"),
        ([OUR_FAIL], "agent@example.com", "parked"),
        ([OUR_FAIL], "owner@example.com", "parked"),
        (["other.example; dmarc=fail"], "owner@example.com", "accepted"),
        (["other.example; dmarc=pass"], "agent@example.com", "parked"),
        ([OUR_FAIL, OUR_PASS], "agent@example.com", "parked"),
        ([OUR_FAIL, "other.example; dmarc=pass"], "owner@example.com", "parked"),
        (["mx.desk.example; dmarc=pass header.from=evil.example"], "agent@example.com", "parked"),
        (["mx.desk.example; dmarc=none"], "owner@example.com", "accepted"),
        (["mx.desk.example; dkim=pass header.d=example.com"], "agent@example.com", "accepted"),
        (["mx.desk.example; spf=pass smtp.mailfrom=x@evil.example"], "owner@example.com", "parked"),
        (["mx.desk.example (dmarc=pass); dmarc=fail (p=none)"], "owner@example.com", "parked"),
        ([], "owner@example.com", "accepted"),
        ([], "agent@example.com", "parked"),
    ],
)
def test_receiving_server_vouches_for_the_sender(
    deliver: Deliver,
    uow_for: UowFor,
    cast: Cast,
    file_ticket: FileTicket,
    monkeypatch: pytest.MonkeyPatch,
    results: list[str],
    sender: str,
    status: str,
) -> None:
    monkeypatch.setenv("TICKET_MAIL_AUTHSERV_ID", "mx.desk.example")
    reload_settings()
    source = write(sender, to=reply_address(uow_for, file_ticket()))
    headers = "".join(f"Authentication-Results: {value}\r\n" for value in results)
    assert deliver(headers.encode() + source).status == status


def test_inactive_person_writes_to_the_parked_mail(
    deliver: Deliver, uow_for: UowFor, cast: Cast
) -> None:
    with uow_for(None) as uow:
        uow.connection.execute(
            update(person_table).where(person_table.c.id == cast.owner.id).values(is_active=False)
        )
    assert deliver(write("owner@example.com")).status == "parked"


def test_files_are_attached_and_refused_ones_are_named(
    deliver: Deliver, uow_for: UowFor, cast: Cast
) -> None:
    source = write(
        "owner@example.com",
        files=[
            ("dot.png", "image/png", PNG),
            ("tool.exe", "application/octet-stream", b"MZ" + bytes(100)),
        ],
    )
    receipt = deliver(source)
    assert receipt.status == "accepted"
    ticket = ticket_row(uow_for, receipt.ticket)
    assert ticket.attachments_count == 1
    (note,) = entries(uow_for, receipt.ticket)
    assert (note.audience, note.author) == ("internal", None)
    assert "tool.exe" in note.body
    (reply,) = sent(uow_for)
    assert (reply.kind, reply.recipient) == ("rejected_files", "owner@example.com")
    assert "tool.exe" in reply.source
    assert "Auto-Submitted: auto-replied" in reply.source


def test_files_of_a_reply_belong_to_its_comment(
    deliver: Deliver, uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    address = reply_address(uow_for, file_ticket())
    deliver(write("owner@example.com", to=address, files=[("dot.png", "image/png", PNG)]))
    from ticket_app.tables import attachment_table

    (comment,) = entries(uow_for, "SUP-1")
    with uow_for(None) as uow:
        (file,) = uow.connection.execute(attachment_table.select()).all()
    assert (file.entry_id, file.audience) == (comment.id, "public")


def test_message_without_subject_and_text_still_becomes_a_ticket(
    deliver: Deliver, uow_for: UowFor
) -> None:
    receipt = deliver(write(subject="", text="The pump is loud. Please come."))
    assert ticket_row(uow_for, receipt.ticket).title == "The pump is loud. Please come."
    receipt = deliver(write(text="", files=[("dot.png", "image/png", PNG)]))
    assert ticket_row(uow_for, receipt.ticket).description == "dot.png"
    receipt = deliver(write(subject="", text=""))
    row = ticket_row(uow_for, receipt.ticket)
    assert (row.title, row.description) == (writing.NO_SUBJECT, writing.NO_TEXT)


def test_quoted_history_is_kept_apart(
    deliver: Deliver, uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    address = reply_address(uow_for, file_ticket())
    text = "Thanks.\n\nOn Fri, 20 Nov 2026 at 09:00, Support wrote:\n> Old words\n"
    deliver(
        write("owner@example.com", "Re: lamp", text, address, headers={"In-Reply-To": "<a@b.c>"})
    )
    (comment,) = entries(uow_for, "SUP-1")
    assert comment.body == "Thanks."
    assert "Old words" in emails(uow_for)[0].hidden_text


def test_long_text_is_cut_and_nul_characters_are_replaced(
    deliver: Deliver, uow_for: UowFor
) -> None:
    receipt = deliver(write(text="word " * 20_000))
    row = ticket_row(uow_for, receipt.ticket)
    assert len(row.description) <= 50_000
    assert row.description.endswith(writing.TEXT_CUT)
    source = write(text="a@b").replace(b"a@b", b"a\x00b")
    assert deliver(source).status == "accepted"


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED])
def test_requesters_mail_reopens_a_finished_ticket(
    deliver: Deliver,
    uow_for: UowFor,
    cast: Cast,
    clock: Clock,
    file_ticket: FileTicket,
    status: Status,
) -> None:
    ticket_id = file_ticket()
    set_status(uow_for, cast.agent, ticket_id, status)
    clock.forward(days=13)
    source = write("owner@example.com", to=reply_address(uow_for, ticket_id))
    assert deliver(source).ticket == "SUP-1"
    assert ticket_row(uow_for, "SUP-1").status == "reopened"


def test_late_mail_becomes_a_linked_new_ticket(
    deliver: Deliver, uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    set_status(uow_for, cast.agent, ticket_id, Status.CLOSED)
    clock.forward(days=20)
    address = reply_address(uow_for, ticket_id)
    receipt = deliver(write("owner@example.com", text="*Again*", to=address))
    assert (receipt.status, receipt.ticket) == ("accepted", "SUP-2")
    assert ticket_row(uow_for, "SUP-1").status == "closed"
    (comment,) = entries(uow_for, "SUP-2")
    assert (comment.body, comment.body_format) == ("*Again*", "plain")
    assert ticket_row(uow_for, "SUP-2").text_formats["description"] == "plain"


@pytest.mark.parametrize("status", [Status.DUPLICATE, Status.WONT_FIX])
def test_other_finished_tickets_are_never_reopened(
    deliver: Deliver, uow_for: UowFor, cast: Cast, file_ticket: FileTicket, status: Status
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        ticket = locking.lock_ticket(uow, ticket_id)
        status_changes.change_status(uow, ticket, status)
    source = write("owner@example.com", to=reply_address(uow_for, ticket_id))
    assert deliver(source).status == "accepted"
    assert ticket_row(uow_for, "SUP-1").status == status


def test_mail_to_a_waiting_ticket_puts_it_back_to_work(
    deliver: Deliver, uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    assign(uow_for, cast.manager, ticket_id, cast.agent.id)
    set_status(uow_for, cast.agent, ticket_id, Status.PENDING_USER)
    deliver(write("owner@example.com", to=reply_address(uow_for, ticket_id)))
    ticket = ticket_row(uow_for, "SUP-1")
    assert ticket.status == "in_progress"


def test_mail_of_a_follower_does_not_reopen(
    deliver: Deliver, uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        followers.follow(uow, ticket_id, cast.stranger.id, followers.FollowReason.CC)
    set_status(uow_for, cast.agent, ticket_id, Status.RESOLVED)
    address = reply_address(uow_for, ticket_id)
    assert deliver(write("stranger@example.com", to=address)).status == "accepted"
    assert ticket_row(uow_for, "SUP-1").status == "resolved"


def test_line_breaks_in_headers_are_removed(
    deliver: Deliver, uow_for: UowFor, clock: Clock
) -> None:
    source = write().replace(
        b"Subject: The lamp flickers",
        b"Subject: =?utf-8?q?Hello=0D=0ABcc:_victim@example.com?=",
    )
    receipt = deliver(source)
    assert "\n" not in ticket_row(uow_for, receipt.ticket).title
    clock.forward(minutes=2)
    compose(uow_for)
    (email,) = sent(uow_for)
    assert "\nBcc:" not in email.source


def test_mailbox_gives_the_ticket_its_team(deliver: Deliver, uow_for: UowFor, cast: Cast) -> None:
    from ticket_app.core.email.incoming import mailboxes
    from ticket_app.core.email.incoming.mailboxes import MailboxDraft
    from ticket_app.core.people import teams

    with uow_for(cast.admin) as uow:
        team_id = teams.create_team(uow, "Sales").id
        draft = MailboxDraft("Sales", "sales@desk.example.com", team_id=team_id)
        mailbox_id = mailboxes.save_mailbox(uow, draft)
    source = write(to="Sales@desk.example.com")
    receipt = deliver(source)
    assert ticket_row(uow_for, receipt.ticket).team_id == team_id
    assert deliver(source, mailbox_id=mailbox_id).status == "duplicate"
    assert deliver(write("sales@desk.example.com")).status == "ignored"


def test_purged_ticket_takes_its_emails_along(
    deliver: Deliver, uow_for: UowFor, cast: Cast, clock: Clock, database: Engine
) -> None:
    from ticket_app.core.tickets import purging

    receipt = deliver(write())
    (email,) = emails(uow_for)
    with uow_for(None) as uow:
        uow.connection.execute(update(ticket_table).values(deleted_at=clock.now))
    with uow_for(cast.admin) as uow:
        purging.purge(uow, str(receipt.ticket))
    assert emails(uow_for) == []
    with pytest.raises(Exception, match="not found"):
        file_storage().size(email.storage_key)


def test_sender_of_an_hour_ago_writes_again(
    deliver: Deliver, uow_for: UowFor, clock: Clock
) -> None:
    for _ in range(5):
        assert deliver(write()).status == "accepted"
    assert deliver(write()).status == "parked"
    clock.now += timedelta(hours=1, minutes=1)
    assert deliver(write()).status == "accepted"
    assert incoming_email_table.name == "incoming_email"

"""What strangers try with email: forged results, floods, markup in titles, old links (MAIL.md)."""

from __future__ import annotations

import threading as threads
from uuid import UUID

import pytest

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from tests.core.mailing import Deliver, sent, ticket_row, write
from tests.core.test_distribution import comment, distribute, last_id, received
from tests.core.test_outgoing_email import compose, text_of
from ticket_app.core.email.incoming.receiving import Receipt
from ticket_app.core.email.incoming.senders import Authenticity, check_authenticity
from ticket_app.core.email.outgoing import file_links, template_editing, templates
from ticket_app.core.people import accounts
from ticket_app.core.platform.errors import Invalid, NotFound
from ticket_app.core.tickets import locking, trash


@pytest.mark.parametrize(
    "value",
    [
        'spf=pass smtp.mailfrom="x; dmarc=pass header.from=acme.example"@evil.example',
        'spf=pass (domain of "a); dmarc=pass header.from=acme.example (" at evil.example) '
        "smtp.mailfrom=x@evil.example",
        'spf=pass smtp.mailfrom="a@acme.example "@evil.example',
        'dkim=pass header.i="@acme.example"@evil.example header.d=evil.example',
        'dkim=pass header.d=evil.example header.s="x header.d=acme.example"',
        'dmarc=pass header.from="acme.example"@evil.example',
        "spf=pass smtp.helo=acme.example smtp.mailfrom=evil.example",
    ],
)
def test_words_of_the_sender_in_authentication_results_vouch_for_nobody(value: str) -> None:
    results = [f"mx.desk.example; {value}"]
    assert (
        check_authenticity(results, "mx.desk.example", "agent@acme.example") is Authenticity.FAILED
    )


def test_comments_and_quotes_of_an_honest_server_are_read() -> None:
    results = [
        'mx.desk.example; dkim=pass (2048-bit key; "ok") header.d=acme.example; spf=pass '
        '(mx: "a b"@acme.example is allowed) smtp.mailfrom="a b"@acme.example; '
        "dmarc=pass (p=REJECT) header.from=acme.example"
    ]
    assert (
        check_authenticity(results, "mx.desk.example", "agent@acme.example") is Authenticity.PASSED
    )


def test_messages_of_one_sender_at_once_are_counted_one_after_another(deliver: Deliver) -> None:
    sources = [write(subject=f"Lamp {number}", text=f"No. {number}") for number in range(18)]
    receipts: list[Receipt] = []

    def deliver_some(first: int) -> None:
        receipts.extend(deliver(source) for source in sources[first::6])

    workers = [threads.Thread(target=deliver_some, args=(first,)) for first in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    states = sorted(receipt.status for receipt in receipts)
    assert states == [*["accepted"] * 5, *["parked"] * 13]


@pytest.mark.parametrize(
    "text",
    [
        "{{ 9 ** 9 ** 9 }}",
        "{{ 'a' * 1000000000 }}",
        "{% for letter in ticket.title %}{{ letter }}{% endfor %}",
        "{{ 'a'|center(1000000000) }}",
        "{{ ticket|attr('__class__') }}",
        "{{ ticket.__class__ }}",
        "{{ range(10) }}",
        "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}",
    ],
)
def test_template_cannot_repeat_compute_or_leave_its_variables(text: str) -> None:
    with pytest.raises(Invalid):
        template_editing.check("Subject", text)
    assert templates.fill_or_default(text, "default", {"ticket": {"title": "Lamp"}}) in (
        "default",
        "",
    )


def test_template_may_have_conditions_and_simple_filters() -> None:
    text = "{% if ticket.status == 'open' %}{{ ticket.title|upper }}{% else %}-{% endif %}"
    template_editing.check("Subject", text)
    assert templates.fill(text, templates.EXAMPLES) == "THE LAMP FLICKERS"


def test_link_to_a_file_ends_when_its_ticket_is_deleted(
    deliver: Deliver, uow_for: UowFor, cast: Cast
) -> None:
    source = write(files=[("lamp.txt", "text/plain", b"It flickers.")])
    ticket_id = ticket_row(uow_for, deliver(source).ticket).id
    with uow_for(cast.admin) as uow:
        ((link,),) = file_links.list_file_links(uow, ticket_id, is_staff=False).values()
        file, expires, signature = link.url.split("/mail/files/")[1].split("/")[:3]
        assert file_links.get_linked_file(uow, UUID(file), expires, signature).size == 12
        trash.delete_ticket(uow, locking.lock_ticket(uow, ticket_id))
    with uow_for(None) as uow, pytest.raises(NotFound):
        file_links.get_linked_file(uow, UUID(file), expires, signature)


def test_markup_in_a_title_is_words_in_the_introduction(
    deliver: Deliver, uow_for: UowFor, cast: Cast, clock: Clock
) -> None:
    with uow_for(cast.admin) as uow:
        body = "{% if ticket.status == 'in_progress' %}-{% endif %}**About** {{ ticket.title }}"
        template_editing.save_template(uow, "ticket_created", "{{ ticket.title }}", body)
    deliver(write(subject="*Lamp* [Open ticket](https://evil.example/) <b>now</b>"))
    clock.forward(minutes=2)
    compose(uow_for)
    (email,) = sent(uow_for)
    page = text_of(email, "html")
    assert "<strong>About</strong> *Lamp* [Open ticket](" in page
    assert "<b>now" not in page
    assert "**About** *Lamp* [Open ticket](https://evil.example/)" in text_of(email)


def test_former_staff_hear_no_more_of_tickets_they_answered(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    comment(uow_for, cast.agent, ticket_id)
    with uow_for(cast.admin) as uow:
        accounts.update_account(uow, cast.agent.id, {"role": "user"})
    since = last_id(uow_for)
    comment(uow_for, cast.manager, ticket_id)
    distribute(uow_for)
    assert [name for name, _, _ in received(uow_for, since)] == ["owner"]

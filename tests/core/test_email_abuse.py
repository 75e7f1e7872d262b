"""What strangers try with email: forged results, floods, markup in titles, old links (MAIL.md)."""

from __future__ import annotations

import threading as threads

import pytest

from tests.core.mailing import Deliver, write
from ticket_app.core.email.incoming.receiving import Receipt
from ticket_app.core.email.incoming.senders import Authenticity, check_authenticity


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

"""What the core's tests begin with: settings of their own, and a ticket to work on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.cast import Cast, Clock, UowFor
from tests.core.mailing import Deliver
from ticket_app.core.email.incoming.receiving import Receipt, receive
from ticket_app.core.email.incoming.states import MailChannel
from ticket_app.core.platform.actor import Actor
from ticket_app.core.tickets.opening import TicketDraft, open_ticket
from ticket_app.settings import Settings, reload_settings

FileTicket = Callable[..., int]


@pytest.fixture(autouse=True)
def _settled(own_settings: Settings) -> None:
    """No test of the core reads this machine's settings."""


@pytest.fixture
def file_ticket(uow_for: UowFor, cast: Cast) -> FileTicket:
    """Files a ticket, the owner's unless told otherwise; returns its id."""

    def file(by: Actor | None = None, **values: Any) -> int:
        draft = TicketDraft(**{"title": "The lamp flickers", "description": "Since noon."} | values)
        with uow_for(by or cast.owner) as uow:
            ticket_id = open_ticket(uow, draft).id
        assert ticket_id is not None
        return ticket_id

    return file


@pytest.fixture
def deliver(database: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Deliver:
    """Receives emails for support@desk.example.com."""
    monkeypatch.setenv("TICKET_MAIL_FROM", "Acme Support <support@desk.example.com>")
    reload_settings()

    def receive_email(
        source: bytes, *, channel: MailChannel = MailChannel.HTTP, mailbox_id: int | None = None
    ) -> Receipt:
        return receive(source, channel=channel, mailbox_id=mailbox_id, clock=clock)

    return receive_email

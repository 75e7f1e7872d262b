"""Emails as tests write them, and what the core made of them."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import format_datetime
from itertools import count
from typing import Any, Protocol

from sqlalchemy import select

from tests.cast import MORNING, UowFor
from ticket_app.core.email import own_addresses
from ticket_app.core.email.incoming.receiving import Receipt
from ticket_app.core.email.incoming.states import MailChannel
from ticket_app.core.platform.ticket_numbers import format_key
from ticket_app.tables import (
    entry_table,
    incoming_email_table,
    outgoing_email_table,
    person_table,
    ticket_table,
)

SUPPORT = "support@desk.example.com"
_numbers = count(1)


def write(
    sender: str = "Uma <uma@customer.example>",
    subject: str = "The lamp flickers",
    text: str = "Since noon.",
    to: str = SUPPORT,
    *,
    headers: dict[str, str] | None = None,
    files: Sequence[tuple[str, str, bytes]] = (),
    message_id: str | None = "",
) -> bytes:
    """The source of an email. `files` are names, MIME types and contents; the id is a new one."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = to
    if subject:
        message["Subject"] = subject
    message["Date"] = format_datetime(MORNING)
    if message_id is not None:
        message["Message-ID"] = message_id or f"<{next(_numbers)}@customer.example>"
    for name, value in (headers or {}).items():
        message[name] = value
    message.set_content(text)
    for name, mime_type, content in files:
        main, _, sub = mime_type.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


class Deliver(Protocol):
    """Receives an email at the clock's time."""

    def __call__(
        self, source: bytes, *, channel: MailChannel = ..., mailbox_id: int | None = None
    ) -> Receipt: ...


def emails(uow_for: UowFor) -> list[Any]:
    """Everything that arrived, oldest first."""
    with uow_for(None) as uow:
        return list(
            uow.connection.execute(select(incoming_email_table).order_by(incoming_email_table.c.id))
        )


def sent(uow_for: UowFor) -> list[Any]:
    """Everything that was written to be sent, oldest first."""
    with uow_for(None) as uow:
        return list(
            uow.connection.execute(select(outgoing_email_table).order_by(outgoing_email_table.c.id))
        )


def ticket_row(uow_for: UowFor, key: str | None) -> Any:
    """The row of a ticket by its number, such as SUP-1."""
    assert key is not None
    prefix, _, number = key.partition("-")
    with uow_for(None) as uow:
        return uow.connection.execute(
            select(ticket_table).where(
                ticket_table.c.key_prefix == prefix, ticket_table.c.key_number == int(number)
            )
        ).one()


def entries(uow_for: UowFor, key: str | None, kind: str = "comment") -> list[Any]:
    """The timeline entries of one kind of a ticket, with the name of who made them."""
    ticket_id = ticket_row(uow_for, key).id
    with uow_for(None) as uow:
        return list(
            uow.connection.execute(
                select(entry_table, person_table.c.email.label("author"))
                .select_from(
                    entry_table.outerjoin(person_table, person_table.c.id == entry_table.c.actor_id)
                )
                .where(entry_table.c.ticket_id == ticket_id, entry_table.c.kind == kind)
                .order_by(entry_table.c.id)
            )
        )


def people(uow_for: UowFor) -> dict[str, Any]:
    """All people by their address."""
    with uow_for(None) as uow:
        return {row.email: row for row in uow.connection.execute(select(person_table))}


def reply_address(uow_for: UowFor, ticket_id: int) -> str:
    """The signed reply address of a ticket."""
    with uow_for(None) as uow:
        row = uow.connection.execute(
            select(ticket_table).where(ticket_table.c.id == ticket_id)
        ).one()
    return own_addresses.format_reply_address(format_key(row))

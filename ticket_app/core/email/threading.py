"""Signed addresses and Message-IDs, by which an answer finds its ticket (MAIL.md)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from enum import Enum, auto
from functools import lru_cache
from uuid import UUID, uuid4

from sqlalchemy import bindparam, select

from ticket_app.core.platform import secrets
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.settings import settings
from ticket_app.tables import incoming_email_table, outgoing_email_table

ADDRESS_PURPOSE, MESSAGE_PURPOSE = "reply address of a ticket", "message id of an email"
SIGNATURE_LENGTH = 16
"""Characters of a signature, of 4 bits each."""
MAX_REFERENCES = 50
"""How many Message-IDs the References of an email name: the first and the latest ones."""

_REPLY_LOCAL_PART = re.compile(r"(?P<local>[^+@]+)\+(?P<key>[a-z]+-\d{1,12})\.(?P<signature>\w+)")
_MESSAGE_ID = re.compile(
    r"<(?P<ticket>[0-9a-f-]{36})\.(?P<entry>[0-9a-f-]{36})\.(?P<signature>\w+)@(?P<domain>[^<>@\s]+)>"
)


class Signed(Enum):
    """Why an address or a Message-ID names no ticket."""

    NOT_OURS = auto()
    WRONG_SIGNATURE = auto()


@dataclass(frozen=True, slots=True)
class Sender:
    """The sender of all email: `TICKET_MAIL_FROM`."""

    name: str
    address: str

    @property
    def local_part(self) -> str:
        """What stands before the @."""
        return self.address.rpartition("@")[0]

    @property
    def domain(self) -> str:
        """The domain, which signs Message-IDs too."""
        return self.address.rpartition("@")[2]


@lru_cache(maxsize=8)
def _parse_sender(value: str) -> Sender:
    name, address = parseaddr(value)
    return Sender(name, address)


def own_sender() -> Sender:
    """Return the sender of `TICKET_MAIL_FROM`."""
    return _parse_sender(settings().mail_from)


def _sign(purpose: str, text: str) -> str:
    return secrets.sign_text(purpose, text)[:SIGNATURE_LENGTH]


def _is_genuine(signature: str, purpose: str, text: str) -> bool:
    return secrets.is_equal(signature.casefold(), _sign(purpose, text))


def format_reply_address(key: str) -> str:
    """Return the address by which answers reach a ticket: `support+BUG-15.<signature>@domain`."""
    sender = own_sender()
    signature = _sign(ADDRESS_PURPOSE, key.upper())
    return f"{sender.local_part}+{key}.{signature}@{sender.domain}"


def read_reply_address(address: str) -> str | Signed:
    """Return the number of the ticket that a signed reply address belongs to, such as `BUG-15`.

    The case of the address does not matter. Only addresses of the sender's own are looked at.
    """
    sender = own_sender()
    local, _, domain = address.strip().casefold().rpartition("@")
    match = _REPLY_LOCAL_PART.fullmatch(local)
    if (
        match is None
        or domain != sender.domain.casefold()
        or match["local"] != sender.local_part.casefold()
    ):
        return Signed.NOT_OURS
    key = match["key"].upper()
    if not _is_genuine(match["signature"], ADDRESS_PURPOSE, key):
        return Signed.WRONG_SIGNATURE
    return key


def is_own_address(address: str, others: Iterable[str] = ()) -> bool:
    """Return whether an address is the help desk's: the sender's, a reply address, or in `others`.

    `others` are the case-folded addresses of the mailboxes.
    """
    folded = address.strip().casefold()
    sender = own_sender()
    local, _, domain = folded.rpartition("@")
    is_senders = domain == sender.domain.casefold() and (
        local.partition("+")[0] == sender.local_part.casefold()
    )
    return is_senders or folded in others


def format_message_id(ticket: UUID, entry: UUID) -> str:
    """Return the Message-ID of an email about a timeline entry of a ticket."""
    signature = _sign(MESSAGE_PURPOSE, f"{ticket}.{entry}")
    return f"<{ticket}.{entry}.{signature}@{own_sender().domain}>"


def new_message_id() -> str:
    """Return the Message-ID of an email that is about no ticket."""
    return f"<{uuid4()}@{own_sender().domain}>"


def read_message_id(message_id: str) -> tuple[UUID, UUID] | Signed:
    """Return the ticket and the timeline entry that a Message-ID of ours names."""
    match = _MESSAGE_ID.fullmatch(message_id.strip().casefold())
    if match is None:
        return Signed.NOT_OURS
    if not _is_genuine(match["signature"], MESSAGE_PURPOSE, f"{match['ticket']}.{match['entry']}"):
        return Signed.WRONG_SIGNATURE
    try:
        return UUID(match["ticket"]), UUID(match["entry"])
    except ValueError:
        return Signed.NOT_OURS


def format_sender(name: str | None = None) -> str:
    """Return the value of the From header, with another name if one is given."""
    sender = own_sender()
    return formataddr((name or sender.name, sender.address))


_SELECT_SENT = (
    select(outgoing_email_table.c.message_id, outgoing_email_table.c.created_at.label("at"))
    .where(
        outgoing_email_table.c.ticket_id == bindparam("ticket_id"),
        outgoing_email_table.c.person_id == bindparam("person_id"),
    )
    .order_by(outgoing_email_table.c.id.desc())
    .limit(MAX_REFERENCES)
)
_SELECT_RECEIVED = (
    select(incoming_email_table.c.message_id, incoming_email_table.c.received_at.label("at"))
    .where(
        incoming_email_table.c.ticket_id == bindparam("ticket_id"),
        incoming_email_table.c.person_id == bindparam("person_id"),
        incoming_email_table.c.message_id.is_not(None),
    )
    .order_by(incoming_email_table.c.id.desc())
    .limit(MAX_REFERENCES)
)


def list_references(uow: UnitOfWork, ticket_id: int, person_id: int) -> list[str]:
    """Return the Message-IDs of what a person was sent and has sent about a ticket, oldest first.

    The last one is what the next email to them answers. Never what only other people were sent.
    """
    values = {"ticket_id": ticket_id, "person_id": person_id}
    rows = [
        *uow.connection.execute(_SELECT_SENT, values),
        *uow.connection.execute(_SELECT_RECEIVED, values),
    ]
    message_ids = [str(row.message_id) for row in sorted(rows, key=lambda row: row.at)]
    if len(message_ids) > MAX_REFERENCES:
        return [message_ids[0], *message_ids[1 - MAX_REFERENCES :]]
    return message_ids

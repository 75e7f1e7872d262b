"""The sender of email, and the signed addresses by which replies find their ticket (MAIL.md)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from functools import lru_cache

from ticket_app.core.email.signatures import Unrecognised, is_genuine, sign
from ticket_app.settings import settings

ADDRESS_PURPOSE = "reply address of a ticket"
FORWARD_PURPOSE = "reply address of a forwarded message"
_REPLY_LOCAL_PART = re.compile(r"(?P<local>[^+@]+)\+(?P<key>[a-z]+-\d{1,12})\.(?P<signature>\w+)")
_FORWARD_LOCAL_PART = re.compile(
    r"(?P<local>[^+@]+)\+(?P<key>[a-z]+-\d{1,12})-f(?P<entry>\d{1,18})\.(?P<signature>\w+)"
)


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
        """The domain, which Message-IDs end with too."""
        return self.address.rpartition("@")[2]


@lru_cache(maxsize=8)
def _parse_sender(value: str) -> Sender:
    name, address = parseaddr(value)
    return Sender(name, address)


def own_sender() -> Sender:
    """Return the sender of `TICKET_MAIL_FROM`."""
    return _parse_sender(settings().mail_from)


def format_reply_address(key: str) -> str:
    """Return the address by which answers reach a ticket: `support+BUG-15.<signature>@domain`."""
    sender = own_sender()
    signature = sign(ADDRESS_PURPOSE, key.upper())
    return f"{sender.local_part}+{key}.{signature}@{sender.domain}"


def read_reply_address(address: str) -> str | Unrecognised:
    """Return the number of the ticket that a signed reply address belongs to, such as `BUG-15`.

    The case of the address does not matter. Addresses that are not the sender's are `NOT_OURS`.
    """
    sender = own_sender()
    local, _, domain = address.strip().casefold().rpartition("@")
    match = _REPLY_LOCAL_PART.fullmatch(local)
    if (
        match is None
        or domain != sender.domain.casefold()
        or match["local"] != sender.local_part.casefold()
    ):
        return Unrecognised.NOT_OURS
    key = match["key"].upper()
    if not is_genuine(match["signature"], ADDRESS_PURPOSE, key):
        return Unrecognised.WRONG_SIGNATURE
    return key


def format_forward_address(key: str, entry_id: int) -> str:
    """Return the address by which answers to a forwarded message reach the staff of its ticket.

    `entry_id` is the internal note about forwarding it. The address is no reply address of the
    ticket: what is sent to it never becomes public.
    """
    sender = own_sender()
    signature = sign(FORWARD_PURPOSE, f"{key.upper()}.{entry_id}")
    return f"{sender.local_part}+{key}-f{entry_id}.{signature}@{sender.domain}"


def read_forward_address(address: str) -> int | Unrecognised:
    """Return the id of the internal note that an address of `format_forward_address` names."""
    sender = own_sender()
    local, _, domain = address.strip().casefold().rpartition("@")
    match = _FORWARD_LOCAL_PART.fullmatch(local)
    if (
        match is None
        or domain != sender.domain.casefold()
        or match["local"] != sender.local_part.casefold()
    ):
        return Unrecognised.NOT_OURS
    signed = f"{match['key'].upper()}.{int(match['entry'])}"
    if not is_genuine(match["signature"], FORWARD_PURPOSE, signed):
        return Unrecognised.WRONG_SIGNATURE
    return int(match["entry"])


def is_own_address(address: str, mailboxes: Iterable[str] = ()) -> bool:
    """Return whether an address is the help desk's: the sender's, a reply address or a mailbox's.

    `mailboxes` are their case-folded addresses.
    """
    folded = address.strip().casefold()
    sender = own_sender()
    local, _, domain = folded.rpartition("@")
    is_senders = domain == sender.domain.casefold() and (
        local.partition("+")[0] == sender.local_part.casefold()
    )
    return is_senders or folded in mailboxes


def format_sender(name: str | None = None) -> str:
    """Return the value of the From header, with another name if one is given."""
    sender = own_sender()
    return formataddr((name or sender.name, sender.address))

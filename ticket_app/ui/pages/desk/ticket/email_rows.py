"""The recipients of a reply and the original of an email, as the page of a ticket shows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import compat32
from typing import Final

from ticket_app.core.email.incoming import parked
from ticket_app.core.email.reply_recipients import ReplyRecipient, list_reply_recipients
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.ui.pages.desk import email_texts as texts

MAX_SHOWN_SOURCE: Final = 50_000
MAX_SHOWN_HEADERS: Final = 100


@dataclass(frozen=True)
class RecipientChip:
    """Somebody whom a public reply is emailed to."""

    id: int
    name: str
    address: str
    is_copied: bool
    is_external: bool
    obstacle: str
    """A word for why no email reaches them, or empty."""
    tooltip: str


@dataclass(frozen=True)
class HeaderRow:
    """A header of an email, as it was written."""

    id: int
    name: str
    value: str


@dataclass(frozen=True)
class OriginalEmail:
    """The source of an email that arrived."""

    id: int = 0
    subject: str = ""
    headers: list[HeaderRow] = field(default_factory=list[HeaderRow])
    source: str = ""
    is_cut: bool = False


def _chip(row: ReplyRecipient) -> RecipientChip:
    tooltips = [
        row.address,
        *([texts.EXTERNAL_TOOLTIP] if row.is_external else []),
        *([texts.OBSTACLE_TOOLTIPS[row.obstacle]] if row.obstacle else []),
    ]
    return RecipientChip(
        id=row.person_id,
        name=row.name,
        address=row.address,
        is_copied=row.is_copied,
        is_external=row.is_external,
        obstacle=texts.OBSTACLES[row.obstacle] if row.obstacle else "",
        tooltip=". ".join(tooltips),
    )


def load_recipients(uow: UnitOfWork, ticket_id: int) -> list[RecipientChip]:
    """Return whom a public reply is emailed to. Raises `NotFound`, `Forbidden`."""
    return [_chip(row) for row in list_reply_recipients(uow, ticket_id)]


def load_original(uow: UnitOfWork, email_id: int) -> OriginalEmail:
    """Return the headers and the source of an email. Raises `Forbidden`, `NotFound`."""
    row = parked.get_email(uow, email_id)
    source = parked.get_source(uow, email_id)
    shown = source[:MAX_SHOWN_SOURCE].decode(errors="replace").replace("\x00", "")
    head = source.replace(b"\r\n", b"\n").partition(b"\n\n")[0][:MAX_SHOWN_SOURCE]
    headers = message_from_bytes(head + b"\n\n", policy=compat32).items()
    return OriginalEmail(
        id=row.id,
        subject=row.subject,
        headers=[
            HeaderRow(n, name, " ".join(str(value).split()))
            for n, (name, value) in enumerate(headers[:MAX_SHOWN_HEADERS])
        ],
        source=shown,
        is_cut=len(source) > MAX_SHOWN_SOURCE,
    )

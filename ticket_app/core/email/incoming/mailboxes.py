"""Mailboxes: addresses that receive email for a team, and where it is read from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import bindparam, insert, select, update

from ticket_app.core.email import own_addresses
from ticket_app.core.email.incoming.source import ParsedEmail
from ticket_app.core.platform import audit_log, named_rows, secrets, validators
from ticket_app.core.platform.database import conflict_on_violation
from ticket_app.core.platform.email_addresses import is_email_address
from ticket_app.core.platform.errors import Conflict, Invalid, NotFound
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.settings.hosts import check_imap_url
from ticket_app.tables import mailbox_table, team_table

ENCRYPTION_PURPOSE = "mailbox"
MAX_SIGNATURE_LENGTH = 5_000
ADDRESS_TAKEN = "Another mailbox has this address"


class MailboxAddressRow:
    """The address of a mailbox and its team."""

    id: int
    address_folded: str
    team_id: int | None


class MailboxRow(MailboxAddressRow):
    """A mailbox as administrators see it. `encrypted_url` is None where nothing is read."""

    name: str
    address: str
    encrypted_url: str | None
    signature: str
    is_active: bool
    last_checked_at: datetime | None
    last_error: str | None
    team_name: str | None


@dataclass(frozen=True, slots=True)
class MailboxDraft:
    """The values of a mailbox. `imap_url` None keeps the present one, "" removes it."""

    name: str
    address: str
    imap_url: str | None = None
    team_id: int | None = None
    signature: str = ""
    is_active: bool = True


_SELECT_ADDRESSES = select(
    mailbox_table.c.id, mailbox_table.c.address_folded, mailbox_table.c.team_id
).order_by(mailbox_table.c.id)
_SELECT_MAILBOXES = (
    select(mailbox_table, team_table.c.name.label("team_name"))
    .select_from(mailbox_table.outerjoin(team_table, team_table.c.id == mailbox_table.c.team_id))
    .order_by(mailbox_table.c.name, mailbox_table.c.id)
)
_SELECT_ONE = _SELECT_MAILBOXES.where(mailbox_table.c.id == bindparam("mailbox_id"))
_RECORD_CHECK = (
    update(mailbox_table)
    .where(mailbox_table.c.id == bindparam("mailbox_id"))
    .values(last_checked_at=bindparam("now"), last_error=bindparam("error"))
)


def list_addresses(uow: UnitOfWork) -> Sequence[MailboxAddressRow]:
    """Return the addresses of all mailboxes."""
    return uow.all_rows(_SELECT_ADDRESSES, of=MailboxAddressRow)


def find_mailbox(
    boxes: Sequence[MailboxAddressRow], email: ParsedEmail | None, mailbox_id: int | None
) -> MailboxAddressRow | None:
    """Return the mailbox that an email was read from, or else the one that it is addressed to.

    Whichever way a message arrives, it is the same mailbox. None is that of `TICKET_MAIL_FROM`.
    """
    if mailbox_id is not None:
        return next((box for box in boxes if box.id == mailbox_id), None)
    if email is None or not boxes:
        return None
    addresses = [to.address.casefold() for to in (*email.to, *email.cc)]
    own_address = own_addresses.own_sender().address.casefold()
    for address in addresses:
        if address == own_address:
            return None
        for box in boxes:
            if address == box.address_folded:
                return box
    return None


def list_mailboxes(uow: UnitOfWork) -> Sequence[MailboxRow]:
    """Return all mailboxes by name. Raises `Forbidden`."""
    uow.actor.require("set_up", "manage mailboxes")
    return uow.all_rows(_SELECT_MAILBOXES, of=MailboxRow)


def get_mailbox(uow: UnitOfWork, mailbox_id: int) -> MailboxRow:
    """Return a mailbox. Raises `Forbidden`, `NotFound`."""
    uow.actor.require("set_up", "manage mailboxes")
    row = uow.first_row(_SELECT_ONE, {"mailbox_id": mailbox_id}, of=MailboxRow)
    if row is None:
        raise NotFound("Mailbox")
    return row


def save_mailbox(uow: UnitOfWork, draft: MailboxDraft, mailbox_id: int | None = None) -> int:
    """Create or change a mailbox; return its id.

    Raises `Forbidden`, `NotFound`, `Invalid`, `Conflict`.
    """
    uow.actor.require("set_up", "manage mailboxes")
    values = _validate(draft)
    if mailbox_id is None:
        named_rows.ensure_below_limit(uow, mailbox_table, "mailboxes")
        statement = insert(mailbox_table).values(**values, created_at=uow.now, updated_at=uow.now)
        with conflict_on_violation(ADDRESS_TAKEN):
            primary_key = uow.connection.execute(statement).inserted_primary_key
        assert primary_key is not None
        new_id = int(primary_key[0])
        audit_log.record_created(uow, mailbox_table, new_id)
        return new_id
    if uow.first_row(_SELECT_ONE, {"mailbox_id": mailbox_id}, of=MailboxRow) is None:
        raise NotFound("Mailbox")
    statement = (
        update(mailbox_table)
        .where(mailbox_table.c.id == mailbox_id)
        .values(**values, updated_at=uow.now, last_error=None)
    )
    with (
        audit_log.record_changes(uow, mailbox_table, mailbox_id),
        conflict_on_violation(ADDRESS_TAKEN),
    ):
        uow.connection.execute(statement)
    return mailbox_id


def delete_mailbox(uow: UnitOfWork, mailbox_id: int) -> None:
    """Delete a mailbox that no email was received in. Raises `Forbidden`, `Conflict`."""
    uow.actor.require("set_up", "manage mailboxes")
    with conflict_on_violation("Email was received in this mailbox. Deactivate it instead"):
        audit_log.delete_row(uow, mailbox_table, mailbox_id)


def _validate(draft: MailboxDraft) -> dict[str, object]:
    address = validators.required_line("address", draft.address)
    if not is_email_address(address):
        raise Invalid("address", "must be a valid email address")
    if own_addresses.is_own_address(address):
        raise Conflict("This address is in TICKET_MAIL_FROM and needs no mailbox")
    values: dict[str, object] = {
        "name": named_rows.validate_name("name", draft.name),
        "address": address,
        "address_folded": address.casefold(),
        "team_id": draft.team_id,
        "signature": validators.optional_text("signature", draft.signature, MAX_SIGNATURE_LENGTH)
        or "",
        "is_active": draft.is_active,
    }
    if draft.imap_url is not None:
        values["encrypted_url"] = _encrypt_url(draft.imap_url.strip())
    return values


def _encrypt_url(url: str) -> str | None:
    if not url:
        return None
    try:
        check_imap_url(url)
    except ValueError as error:
        raise Invalid("imap_url", str(error)) from None
    return secrets.encrypt(ENCRYPTION_PURPOSE, url.encode()).decode()


def decrypt_url(row: MailboxRow) -> str | None:
    """Return the IMAP URL of a mailbox with its password; None without one, or with a lost key."""
    if row.encrypted_url is None:
        return None
    url = secrets.decrypt(ENCRYPTION_PURPOSE, row.encrypted_url.encode())
    return url.decode() if url is not None else None


def describe_url(row: MailboxRow) -> str:
    """Return where a mailbox is read from, without its password: `user@host`; "" if nowhere."""
    url = decrypt_url(row)
    if not url:
        return ""
    parts = urlsplit(url)
    return f"{parts.username or ''}@{parts.hostname or ''}".lstrip("@")


def list_active_imap_mailboxes(uow: UnitOfWork) -> list[MailboxRow]:
    """Return the active mailboxes that are read by IMAP, for the background job."""
    rows = uow.all_rows(_SELECT_MAILBOXES, of=MailboxRow)
    return [row for row in rows if row.is_active and row.encrypted_url is not None]


def record_check(uow: UnitOfWork, mailbox_id: int, error: str | None) -> None:
    """Record when a mailbox was read last, and what went wrong, if anything."""
    values = {"mailbox_id": mailbox_id, "now": uow.now, "error": error and error[:500]}
    uow.connection.execute(_RECORD_CHECK, values)

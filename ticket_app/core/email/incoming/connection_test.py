"""Try to read a mailbox, for an administrator who has just entered its address."""

from __future__ import annotations

from ticket_app.core.email.incoming import imap, mailboxes
from ticket_app.core.platform.errors import RuleViolation
from ticket_app.core.platform.unit_of_work import UnitOfWork

NOT_READ = "This mailbox is not read by IMAP"
LOST_KEY = "The password cannot be decrypted any more. Enter the IMAP URL again"


def get_decrypted_url(uow: UnitOfWork, mailbox_id: int) -> str:
    """Return the IMAP URL of a mailbox. Raises `Forbidden`, `NotFound`, `RuleViolation`."""
    row = mailboxes.get_mailbox(uow, mailbox_id)
    if row.encrypted_url is None:
        raise RuleViolation(NOT_READ)
    url = mailboxes.decrypt_url(row)
    if url is None:
        raise RuleViolation(LOST_KEY)
    return url


def connect_and_find_problem(url: str) -> str:
    """Connect, sign in and open the folder; return what went wrong, "" if nothing did. Blocks."""
    try:
        imap.MailboxConnection(imap.parse_imap_url(url)).close()
    except imap.CONNECTION_ERRORS as error:
        return imap.describe_error(error)
    return ""

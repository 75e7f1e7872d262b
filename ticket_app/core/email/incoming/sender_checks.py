"""Whether the help desk can tell forged senders of incoming email from real ones."""

from __future__ import annotations

from sqlalchemy import select

from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.settings import settings
from ticket_app.tables import mailbox_table

_SELECT_READ_MAILBOX = (
    select(mailbox_table.c.id)
    .where(mailbox_table.c.is_active, mailbox_table.c.encrypted_url.is_not(None))
    .limit(1)
)


def trusts_any_sender(uow: UnitOfWork) -> bool:
    """Return whether email arrives without `TICKET_MAIL_AUTHSERV_ID`. Raises `Forbidden`."""
    uow.actor.require("set_up", "see the settings of incoming email")
    configured = settings()
    if configured.mail_authserv_id:
        return False
    if configured.imap_url or configured.mail_inbound_token:
        return True
    return uow.connection.execute(_SELECT_READ_MAILBOX).first() is not None

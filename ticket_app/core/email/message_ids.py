"""Message-IDs: signed ones name a ticket; References list those of a conversation (MAIL.md)."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

from sqlalchemy import bindparam, select

from ticket_app.core.email.own_addresses import own_sender
from ticket_app.core.email.signatures import Unrecognised, is_genuine, sign
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.tables import incoming_email_table, outgoing_email_table

MESSAGE_PURPOSE = "message id of an email"
MAX_REFERENCES = 50
"""How many Message-IDs the References of an email name: the first and the latest ones."""

_MESSAGE_ID = re.compile(
    r"<(?P<ticket>[0-9a-f-]{36})\.(?P<entry>[0-9a-f-]{36})\.(?P<signature>\w+)@(?P<domain>[^<>@\s]+)>"
)


def format_message_id(ticket: UUID, entry: UUID) -> str:
    """Return the Message-ID of an email about a timeline entry of a ticket."""
    signature = sign(MESSAGE_PURPOSE, f"{ticket}.{entry}")
    return f"<{ticket}.{entry}.{signature}@{own_sender().domain}>"


def new_message_id() -> str:
    """Return the Message-ID of an email that is about no ticket."""
    return f"<{uuid4()}@{own_sender().domain}>"


def read_message_id(message_id: str) -> tuple[UUID, UUID] | Unrecognised:
    """Return the ticket and the timeline entry that a Message-ID of ours names."""
    match = _MESSAGE_ID.fullmatch(message_id.strip().casefold())
    if match is None:
        return Unrecognised.NOT_OURS
    if not is_genuine(match["signature"], MESSAGE_PURPOSE, f"{match['ticket']}.{match['entry']}"):
        return Unrecognised.WRONG_SIGNATURE
    try:
        return UUID(match["ticket"]), UUID(match["entry"])
    except ValueError:
        return Unrecognised.NOT_OURS


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

    The last one is what the next email to them answers. It has nothing that only others were sent.
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

"""Stop email about a ticket by the link of an email, without signing in (MAIL.md)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, select, update

from ticket_app.core.email.links import read_unsubscribe_token
from ticket_app.core.notifications import followers, notifications
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.email_states import DeliveryState
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.tables import outgoing_email_table, ticket_table

DROPPED_REASON = "The recipient stopped email about this ticket"


class _TicketNumberRow:
    id: int
    key_prefix: str
    key_number: int
    opened_on: date
    day_number: int


_SELECT_TICKET = select(
    ticket_table.c.id,
    ticket_table.c.key_prefix,
    ticket_table.c.key_number,
    ticket_table.c.opened_on,
    ticket_table.c.day_number,
).where(ticket_table.c.id == bindparam("ticket_id"))
_DROP_UNSENT = (
    update(outgoing_email_table)
    .where(
        outgoing_email_table.c.ticket_id == bindparam("on_ticket"),
        outgoing_email_table.c.person_id == bindparam("of_person"),
        outgoing_email_table.c.state.in_((DeliveryState.WAITING, DeliveryState.FAILED)),
    )
    .values(state=DeliveryState.DROPPED, reason=bindparam("why"), next_try_at=None)
)


def get_ticket_key(uow: UnitOfWork, token: str) -> str:
    """Return the number of the ticket of an unsubscribe link. Raises `NotFound`."""
    return _read_token(uow, token)[2]


def unsubscribe(uow: UnitOfWork, token: str) -> str:
    """Stop email about the ticket of an unsubscribe link; return the ticket's number.

    The person unfollows the ticket, and what waits for them is not sent. Safe to repeat.

    Raises:
        NotFound: The link was altered.
    """
    ticket_id, person_id, key = _read_token(uow, token)
    followers.unfollow(uow, ticket_id, person_id)
    drop_unsent_email(uow, ticket_id, person_id, reason=DROPPED_REASON)
    return key


def drop_unsent_email(uow: UnitOfWork, ticket_id: int, person_id: int, *, reason: str) -> None:
    """Drop the email about a ticket that waits for a person or has failed, written or not."""
    notifications.drop_waiting_email(uow, ticket_id, person_id)
    values = {"on_ticket": ticket_id, "of_person": person_id, "why": reason}
    uow.connection.execute(_DROP_UNSENT, values)


def _read_token(uow: UnitOfWork, token: str) -> tuple[int, int, str]:
    ids = read_unsubscribe_token(token)
    if ids is None:
        raise NotFound("Link")
    ticket_id, person_id = ids
    row = uow.first_row(_SELECT_TICKET, {"ticket_id": ticket_id}, of=_TicketNumberRow)
    if row is None:
        raise NotFound("Link")
    return ticket_id, person_id, ticket_numbers.format_key(row)

"""Tell people of email that could not be delivered, and stop sending to dead addresses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from sqlalchemy import and_, bindparam, delete, or_, select, update

from ticket_app.core.email.outgoing.transport import FailureScope, SendingFailed
from ticket_app.core.notifications.kinds import REQUESTER_KINDS, NotificationKind
from ticket_app.core.people import staff_access
from ticket_app.core.platform.email_states import DeliveryState
from ticket_app.core.platform.errors import RuleViolation
from ticket_app.core.platform.row_inserts import insert_missing
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Audience, EntryKind, Role, TextFormat
from ticket_app.core.search import search_index
from ticket_app.core.tickets import locking
from ticket_app.core.tickets.changing import changing
from ticket_app.core.timeline import timeline
from ticket_app.tables import (
    outgoing_email_table,
    person_table,
    undeliverable_address_table,
)

_IS_ADDRESS = undeliverable_address_table.c.address == bindparam("dead_address")
_SELECT_UNDELIVERABLE = select(undeliverable_address_table.c.reason).where(_IS_ADDRESS)
_SELECT_DEAD = select(undeliverable_address_table.c.address).where(
    undeliverable_address_table.c.address.in_(bindparam("addresses", expanding=True))
)
_DELETE_UNDELIVERABLE = delete(undeliverable_address_table).where(_IS_ADDRESS)

_DROP_WAITING = (
    update(outgoing_email_table)
    .where(
        outgoing_email_table.c.recipient == bindparam("dead_address"),
        outgoing_email_table.c.state == DeliveryState.WAITING,
    )
    .values(state=DeliveryState.DROPPED, reason="The address is undeliverable", next_try_at=None)
)


_STAFF_KINDS = frozenset(NotificationKind).difference(REQUESTER_KINDS)
_SELECT_FOR_FORMER_STAFF = (
    select(outgoing_email_table.c.id)
    .select_from(
        outgoing_email_table.join(
            person_table, person_table.c.id == outgoing_email_table.c.person_id
        )
    )
    .where(
        outgoing_email_table.c.uuid == bindparam("wanted"),
        or_(
            outgoing_email_table.c.reason == staff_access.DROPPED_REASON,
            and_(
                person_table.c.role == Role.USER,
                outgoing_email_table.c.kind.in_(sorted(_STAFF_KINDS)),
            ),
        ),
    )
)


class FailedEmail(Protocol):
    """An email that was not delivered."""

    @property
    def recipient(self) -> str:
        """The address."""
        ...

    @property
    def ticket_id(self) -> int | None:
        """The ticket that it is about."""
        ...


def report(uow: UnitOfWork, email: FailedEmail, failure: SendingFailed) -> None:
    """Record that an email failed for good.

    If its address is the reason, it is marked as undeliverable. An internal note on the ticket
    tells the agents in either case.
    """
    if failure.scope is FailureScope.RECIPIENT:
        mark_undeliverable(uow, email.recipient, failure.reason)
    if email.ticket_id is not None:
        add_internal_note(
            uow,
            email.ticket_id,
            f"The email to {email.recipient} could not be delivered: {failure.reason}",
        )


def mark_undeliverable(uow: UnitOfWork, address: str, reason: str) -> None:
    """Send nothing more to an address, until it writes again or an administrator clears it.

    What waits to be sent to it is dropped.
    """
    values = {"dead_address": address.casefold()}
    uow.connection.execute(_DROP_WAITING, values)
    row = {"address": address.casefold(), "reason": reason[:500], "created_at": uow.now}
    insert_missing(uow, undeliverable_address_table, [row])


def is_undeliverable(uow: UnitOfWork, address: str) -> bool:
    """Return whether nothing is sent to an address."""
    values = {"dead_address": address.casefold()}
    return uow.connection.execute(_SELECT_UNDELIVERABLE, values).first() is not None


def find_undeliverable(uow: UnitOfWork, addresses: Sequence[str]) -> Sequence[str]:
    """Return those of the addresses that nothing is sent to, case-folded."""
    values = {"addresses": [address.casefold() for address in addresses]}
    return uow.connection.execute(_SELECT_DEAD, values).scalars().all()


def clear_undeliverable(uow: UnitOfWork, address: str) -> None:
    """Send to an address again, because it wrote to us or an administrator says so."""
    uow.connection.execute(_DELETE_UNDELIVERABLE, {"dead_address": address.casefold()})


def add_internal_note(uow: UnitOfWork, ticket_id: int, text: str) -> int | None:
    """Add an internal note of the help desk itself; return its id, None without the ticket."""
    ticket = locking.lock_as_system(uow, ticket_id)
    if ticket is None:
        return None
    entry_id = timeline.add_entry(
        uow,
        ticket_id,
        EntryKind.COMMENT,
        audience=Audience.INTERNAL,
        body=text,
        body_format=TextFormat.PLAIN,
    )
    with changing(uow, ticket):
        ticket.notes_count += 1
    search_index.append_comment(uow, ticket_id, text, is_internal=True)
    return entry_id


def ensure_not_for_former_staff(uow: UnitOfWork, email: UUID) -> None:
    """Refuse to send an email again that was written for somebody who is no longer staff.

    It may contain internal notes. Raises `RuleViolation`.
    """
    if uow.connection.execute(_SELECT_FOR_FORMER_STAFF, {"wanted": email}).first() is not None:
        raise RuleViolation(staff_access.DROPPED_REASON)

"""What the status of a ticket means: open, done, overdue. Each rule is defined once.

`Status` answers it for a status, the functions here for a ticket or any row with its status group,
the conditions for a query. `core.tickets.transitions` names the statuses that actions set.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Protocol

from sqlalchemy import ColumnElement, and_, bindparam

from ticket_app.core.platform.vocabulary import Status, StatusGroup
from ticket_app.tables import ticket_table

UNFINISHED_GROUPS: Final = frozenset({StatusGroup.OPEN, StatusGroup.WAITING})
"""The status groups of tickets that are open or waiting."""


class HasStatus(Protocol):
    """Anything that has a ticket's status."""

    @property
    def status(self) -> str:
        """A value of `Status`."""
        ...


class HasStatusGroup(Protocol):
    """Anything that has a ticket's status group."""

    @property
    def status_group(self) -> str:
        """A value of `StatusGroup`."""
        ...


class HasDueDate(HasStatusGroup, Protocol):
    """Anything that has a ticket's due date and status group."""

    @property
    def due_at(self) -> datetime | None:
        """The due date."""
        ...


def is_open(ticket: HasStatusGroup) -> bool:
    """Return whether it is our turn: the ticket is neither waiting nor done."""
    return ticket.status_group == StatusGroup.OPEN


def is_done(ticket: HasStatusGroup) -> bool:
    """Return whether a ticket is finished."""
    return ticket.status_group == StatusGroup.DONE


def is_awaiting_approval(ticket: HasStatus) -> bool:
    """Return whether a ticket waits for the decision of approvers."""
    return ticket.status == Status.PENDING_APPROVAL


def is_overdue(ticket: HasDueDate, now: datetime) -> bool:
    """Return whether the due date of a ticket is past and the ticket is not done."""
    return ticket.due_at is not None and ticket.due_at < now and not is_done(ticket)


OVERDUE: Final[ColumnElement[bool]] = and_(
    ticket_table.c.due_sort_at < bindparam("now"), ticket_table.c.status_group != StatusGroup.DONE
)
"""`is_overdue` as a condition; tickets without a due date have one in the far future."""
UNFINISHED: Final[ColumnElement[bool]] = ticket_table.c.status_group.in_(sorted(UNFINISHED_GROUPS))
"""The condition that a ticket is open or waiting."""

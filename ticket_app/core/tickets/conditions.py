"""The conditions that lists, counts, reports and exports share, each defined once.

Each condition is SQL over `ticket`; some have the same test in Python, for a single row.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Protocol

from sqlalchemy import ColumnElement, and_, bindparam, or_

from ticket_app.core.platform.vocabulary import StatusGroup
from ticket_app.tables import ticket_table

UNFINISHED_GROUPS: Final = frozenset({StatusGroup.OPEN, StatusGroup.WAITING})
"""The status groups of tickets that are open or waiting."""


class HasStatusGroup(Protocol):
    """Anything that has a ticket's status group."""

    @property
    def status_group(self) -> str:
        """The status group: open, waiting or done."""
        ...


class HasDueDate(Protocol):
    """Anything that has a ticket's due date and status group."""

    @property
    def due_at(self) -> datetime | None:
        """The due date."""
        ...

    @property
    def status_group(self) -> str:
        """A value of `StatusGroup`."""
        ...


def is_done(ticket: HasStatusGroup) -> bool:
    """Return whether a ticket is finished."""
    return ticket.status_group == StatusGroup.DONE


def is_overdue(ticket: HasDueDate, now: datetime) -> bool:
    """Return whether the due date of a ticket is past and the ticket is not done."""
    return (
        ticket.due_at is not None
        and ticket.due_at < now
        and ticket.status_group != StatusGroup.DONE
    )


OVERDUE: Final[ColumnElement[bool]] = and_(
    ticket_table.c.due_sort_at < bindparam("now"), ticket_table.c.status_group != StatusGroup.DONE
)
"""`is_overdue` as a condition; tickets without a due date have one in the far future."""
UNASSIGNED: Final[ColumnElement[bool]] = ticket_table.c.assignee_id.is_(None)
ASSIGNED: Final[ColumnElement[bool]] = ticket_table.c.assignee_id.is_not(None)
ANSWERED: Final[ColumnElement[bool]] = ticket_table.c.first_response_at.is_not(None)
RATED: Final[ColumnElement[bool]] = ticket_table.c.satisfaction_rating.is_not(None)
REOPENED: Final[ColumnElement[bool]] = ticket_table.c.reopened_count > 0
RESOLVED_ONCE: Final[ColumnElement[bool]] = or_(ticket_table.c.resolved_at.is_not(None), REOPENED)
"""Resolved now or at some time before it was reopened."""

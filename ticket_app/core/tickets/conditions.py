"""The conditions that lists, counts, reports and exports share, each defined once.

A condition is SQL over `ticket`; where one row is asked about, there is the same test in Python.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from sqlalchemy import ColumnElement, and_, bindparam, or_

from ticket_app.core.platform.vocabulary import Group
from ticket_app.tables import ticket_table

NOT_DONE: Final = frozenset({Group.OPEN, Group.WAITING})
"""The status groups of tickets that are open or waiting."""


class Due(Protocol):
    """Anything that has a ticket's due date and status group."""

    due_at: Any
    status_group: Any


def is_overdue(ticket: Due, now: datetime) -> bool:
    """Whether the due date of a ticket is past and the ticket is not done."""
    return ticket.due_at is not None and ticket.due_at < now and ticket.status_group != Group.DONE


OVERDUE: Final[ColumnElement[bool]] = and_(
    ticket_table.c.due_sort_at < bindparam("now"), ticket_table.c.status_group != Group.DONE
)
"""`is_overdue` as a condition; tickets without a due date have one in the far future."""
UNASSIGNED: Final[ColumnElement[bool]] = ticket_table.c.assignee_id.is_(None)
ASSIGNED: Final[ColumnElement[bool]] = ticket_table.c.assignee_id.is_not(None)
ANSWERED: Final[ColumnElement[bool]] = ticket_table.c.first_response_at.is_not(None)
RATED: Final[ColumnElement[bool]] = ticket_table.c.satisfaction_rating.is_not(None)
REOPENED: Final[ColumnElement[bool]] = ticket_table.c.reopened_count > 0
RESOLVED_ONCE: Final[ColumnElement[bool]] = or_(ticket_table.c.resolved_at.is_not(None), REOPENED)
"""Resolved now or at some time before it was reopened."""


@dataclass(frozen=True, slots=True)
class Compliance:
    """How one SLA target counts: met when it was achieved, breached when its time was up.

    Neither holds while the target still runs, and where it was not applicable (nobody answered
    before the ticket was done). That is why `met` asks for the moment of achievement.
    """

    by: Any
    achieved_at: Any
    breached_at: Any

    @property
    def met(self) -> ColumnElement[bool]:
        """The target was achieved in time."""
        return and_(
            ticket_table.c.sla_policy_id.is_not(None),
            self.by.is_not(None),
            self.achieved_at.is_not(None),
            self.breached_at.is_(None),
        )

    @property
    def breached(self) -> ColumnElement[bool]:
        """The target's time was up before it was achieved."""
        return self.breached_at.is_not(None)

    def measured_between(self, start: Any, end: Any) -> ColumnElement[bool]:
        """The target was met or breached from `start` until before `end`."""
        return or_(
            and_(self.met, self.achieved_at >= start, self.achieved_at < end),
            and_(self.breached_at >= start, self.breached_at < end),
        )


RESOLUTION: Final = Compliance(
    ticket_table.c.resolve_by, ticket_table.c.resolved_at, ticket_table.c.sla_breached_at
)
FIRST_RESPONSE: Final = Compliance(
    ticket_table.c.respond_by,
    ticket_table.c.first_response_at,
    ticket_table.c.first_response_breached_at,
)

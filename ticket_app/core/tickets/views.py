"""The standard views of tickets: what staff see in the queue and requesters in their list."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from ticket_app.core.platform.ticket_status import UNFINISHED_GROUPS
from ticket_app.core.platform.vocabulary import Status, StatusGroup
from ticket_app.core.tickets.ticket_query import SortField

DUE_SOON: Final = timedelta(hours=24)
RECENTLY_CLOSED: Final = timedelta(days=14)
ME: Final = "me"
"""Stands for the actor in the conditions of a view."""


class QueueView(StrEnum):
    """A standard view of the queue."""

    OPEN = "open"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    DUE_SOON = "soon"
    OVERDUE = "overdue"
    WAITING = "waiting"
    CLOSED = "closed"
    SNOOZED = "snoozed"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class ViewDefinition:
    """Which tickets a view lists, and in which order.

    `conditions` are fields of a `TicketQuery`; a `timedelta` is relative to now and `ME` is the
    actor.
    """

    sort: SortField
    descending: bool
    conditions: dict[str, object] = field(default_factory=dict[str, object])

    def query_fields(self, now: datetime, actor_id: int) -> dict[str, object]:
        """Return the fields of the query at this time, for this person."""
        return {
            name: actor_id
            if value == ME
            else now + value
            if isinstance(value, timedelta)
            else value
            for name, value in self.conditions.items()
        }


QUEUE_VIEWS: Final[dict[QueueView, ViewDefinition]] = {
    QueueView.OPEN: ViewDefinition(
        "updated", True, {"group": UNFINISHED_GROUPS, "not_snoozed": True}
    ),
    QueueView.MINE: ViewDefinition(
        "due", False, {"group": UNFINISHED_GROUPS, "assignee_id": ME, "not_snoozed": True}
    ),
    QueueView.UNASSIGNED: ViewDefinition(
        "created", True, {"group": UNFINISHED_GROUPS, "unassigned": True, "not_snoozed": True}
    ),
    QueueView.DUE_SOON: ViewDefinition(
        "due",
        False,
        {
            "group": UNFINISHED_GROUPS,
            "due_from": timedelta(),
            "due_before": DUE_SOON,
            "not_snoozed": True,
        },
    ),
    QueueView.OVERDUE: ViewDefinition("due", False, {"overdue": True}),
    QueueView.WAITING: ViewDefinition(
        "updated", True, {"group": frozenset({StatusGroup.WAITING}), "not_snoozed": True}
    ),
    QueueView.CLOSED: ViewDefinition(
        "updated",
        True,
        {
            "group": frozenset({StatusGroup.DONE}),
            "updated_from": -RECENTLY_CLOSED,
            "resolved_from": -RECENTLY_CLOSED,
        },
    ),
    QueueView.SNOOZED: ViewDefinition("updated", True, {"snoozed": True}),
    QueueView.ALL: ViewDefinition("updated", True),
}


class RequesterView(StrEnum):
    """A tab of a requester's own tickets."""

    ALL = "all"
    OPEN = "open"
    WAITING = "waiting"
    RESOLVED = "resolved"
    CLOSED = "closed"


REQUESTER_VIEWS: Final[dict[RequesterView, frozenset[Status]]] = {
    RequesterView.ALL: frozenset(),
    RequesterView.OPEN: frozenset(
        {
            Status.NEW,
            Status.OPEN,
            Status.IN_PROGRESS,
            Status.REOPENED,
            Status.PENDING_APPROVAL,
        }
    ),
    RequesterView.WAITING: frozenset({Status.PENDING_USER}),
    RequesterView.RESOLVED: frozenset({Status.RESOLVED}),
    RequesterView.CLOSED: frozenset({Status.CLOSED, Status.DUPLICATE, Status.WONT_FIX}),
}
"""The statuses of each tab; every status belongs to exactly one tab besides `ALL`."""
if sorted(status for statuses in REQUESTER_VIEWS.values() for status in statuses) != sorted(Status):
    raise LookupError("a status belongs to no tab of the requester's list, or to several")

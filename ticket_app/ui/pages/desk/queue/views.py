"""The standard views of the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from ticket_app.core.platform.vocabulary import StatusGroup
from ticket_app.core.tickets.conditions import UNFINISHED_GROUPS
from ticket_app.core.tickets.ticket_list import SortField

DUE_SOON: Final = timedelta(hours=24)
RECENTLY_CLOSED: Final = timedelta(days=14)
ME: Final = "me"
UNASSIGNED: Final = "none"


@dataclass(frozen=True)
class View:
    """A standard view of the queue.

    `conditions` are fields of a `TicketQuery`; a `timedelta` is relative to now and `ME` is the
    actor. `empty_texts` are the title and the text of the empty list.
    """

    label: str
    icon: str
    key: str
    sort: SortField
    descending: bool
    conditions: dict[str, Any]
    empty_texts: tuple[str, str]

    def query_fields(self, now: datetime, actor_id: int) -> dict[str, Any]:
        """Return the fields of the query at this time, for this person."""
        return {
            name: actor_id
            if value == ME
            else now + value
            if isinstance(value, timedelta)
            else value
            for name, value in self.conditions.items()
        }

    @property
    def has_fixed_assignee(self) -> bool:
        """Whether the view itself determines the assignee."""
        return not self.conditions.keys().isdisjoint({"assignee_id", "unassigned"})


VIEWS: Final[dict[str, View]] = {
    "open": View(
        "All open",
        "inbox",
        "g i",
        "updated",
        True,
        {"group": UNFINISHED_GROUPS},
        ("No open tickets", "New tickets appear here."),
    ),
    "mine": View(
        "Mine",
        "user",
        "g m",
        "due",
        False,
        {"group": UNFINISHED_GROUPS, "assignee_id": ME},
        ("No tickets assigned to you", "Open tickets that are assigned to you appear here."),
    ),
    "unassigned": View(
        "Unassigned",
        "user-x",
        "g u",
        "created",
        True,
        {"group": UNFINISHED_GROUPS, "unassigned": True},
        ("No unassigned tickets", "Tickets without an assignee appear here."),
    ),
    "soon": View(
        "Due soon",
        "timer",
        "g d",
        "due",
        False,
        {"group": UNFINISHED_GROUPS, "due_from": timedelta(), "due_before": DUE_SOON},
        ("No tickets due soon", "Tickets due within a day appear here."),
    ),
    "overdue": View(
        "Overdue",
        "circle-alert",
        "g o",
        "due",
        False,
        {"overdue": True},
        ("No overdue tickets", "Tickets past their due date appear here."),
    ),
    "waiting": View(
        "Waiting",
        "hourglass",
        "g w",
        "updated",
        True,
        {"group": frozenset({StatusGroup.WAITING})},
        ("No waiting tickets", "Tickets waiting for a reply or an approval appear here."),
    ),
    "closed": View(
        "Recently closed",
        "circle-check",
        "g c",
        "updated",
        True,
        {
            "group": frozenset({StatusGroup.DONE}),
            "updated_from": -RECENTLY_CLOSED,
            "resolved_from": -RECENTLY_CLOSED,
        },
        ("No recently closed tickets", "Tickets closed in the last two weeks appear here."),
    ),
    "all": View(
        "All tickets",
        "list",
        "g a",
        "updated",
        True,
        {},
        (
            "No tickets yet",
            "Create the first ticket, or ask people to submit theirs in the portal.",
        ),
    ),
}
DEFAULT_VIEW: Final = "open"
TRASH_VIEW: Final = "trash"

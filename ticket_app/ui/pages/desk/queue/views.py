"""The standard views of the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from ticket_app.core.platform.vocabulary import StatusGroup
from ticket_app.core.tickets.conditions import UNFINISHED_GROUPS
from ticket_app.core.tickets.ticket_query import SortField
from ticket_app.ui.pages.desk import texts

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
        texts.QUEUE_VIEW_ALL_OPEN,
        "inbox",
        "g i",
        "updated",
        True,
        {"group": UNFINISHED_GROUPS},
        (texts.QUEUE_VIEW_OPEN_EMPTY_TITLE, texts.QUEUE_VIEW_OPEN_EMPTY_TEXT),
    ),
    "mine": View(
        texts.DESK_MINE,
        "user",
        "g m",
        "due",
        False,
        {"group": UNFINISHED_GROUPS, "assignee_id": ME},
        (texts.QUEUE_VIEW_MINE_EMPTY_TITLE, texts.QUEUE_VIEW_MINE_EMPTY_TEXT),
    ),
    "unassigned": View(
        texts.DESK_UNASSIGNED,
        "user-x",
        "g u",
        "created",
        True,
        {"group": UNFINISHED_GROUPS, "unassigned": True},
        (texts.QUEUE_VIEW_UNASSIGNED_EMPTY_TITLE, texts.QUEUE_VIEW_UNASSIGNED_EMPTY_TEXT),
    ),
    "soon": View(
        texts.QUEUE_VIEW_DUE_SOON,
        "timer",
        "g d",
        "due",
        False,
        {"group": UNFINISHED_GROUPS, "due_from": timedelta(), "due_before": DUE_SOON},
        (texts.QUEUE_VIEW_DUE_SOON_EMPTY_TITLE, texts.QUEUE_VIEW_DUE_SOON_EMPTY_TEXT),
    ),
    "overdue": View(
        texts.QUEUE_VIEW_OVERDUE,
        "circle-alert",
        "g o",
        "due",
        False,
        {"overdue": True},
        (texts.QUEUE_VIEW_OVERDUE_EMPTY_TITLE, texts.QUEUE_VIEW_OVERDUE_EMPTY_TEXT),
    ),
    "waiting": View(
        texts.QUEUE_VIEW_WAITING,
        "hourglass",
        "g w",
        "updated",
        True,
        {"group": frozenset({StatusGroup.WAITING})},
        (
            texts.QUEUE_VIEW_WAITING_EMPTY_TITLE,
            texts.QUEUE_VIEW_WAITING_EMPTY_TEXT,
        ),
    ),
    "closed": View(
        texts.QUEUE_VIEW_RECENTLY_CLOSED,
        "circle-check",
        "g c",
        "updated",
        True,
        {
            "group": frozenset({StatusGroup.DONE}),
            "updated_from": -RECENTLY_CLOSED,
            "resolved_from": -RECENTLY_CLOSED,
        },
        (
            texts.QUEUE_VIEW_CLOSED_EMPTY_TITLE,
            texts.QUEUE_VIEW_CLOSED_EMPTY_TEXT,
        ),
    ),
    "all": View(
        texts.DESK_ALL_TICKETS,
        "list",
        "g a",
        "updated",
        True,
        {},
        (
            texts.QUEUE_VIEW_ALL_EMPTY_TITLE,
            texts.QUEUE_VIEW_ALL_EMPTY_TEXT,
        ),
    ),
}
DEFAULT_VIEW: Final = "open"
TRASH_VIEW: Final = "trash"

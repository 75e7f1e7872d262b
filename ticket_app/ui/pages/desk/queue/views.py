"""The standard views of the queue: how each one is labelled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ticket_app.core.tickets.ticket_query import SortField
from ticket_app.core.tickets.views import ME, QUEUE_VIEWS, QueueView
from ticket_app.ui.pages.desk import texts

__all__ = ["DEFAULT_VIEW", "ME", "TRASH_VIEW", "UNASSIGNED", "VIEWS", "View"]

UNASSIGNED: Final = "none"


@dataclass(frozen=True)
class View:
    """A standard view of the queue; `empty_texts` are the title and the text of the empty list."""

    name: QueueView
    label: str
    icon: str
    key: str
    empty_texts: tuple[str, str]

    @property
    def sort(self) -> SortField:
        """What the list is sorted by."""
        return QUEUE_VIEWS[self.name].sort

    @property
    def descending(self) -> bool:
        """Whether the list begins with the greatest."""
        return QUEUE_VIEWS[self.name].descending

    @property
    def conditions(self) -> dict[str, object]:
        """The conditions of the list, as the core defines them."""
        return QUEUE_VIEWS[self.name].conditions

    def query_fields(self, now: datetime, actor_id: int) -> dict[str, object]:
        """Return the fields of the query at this time, for this person."""
        return QUEUE_VIEWS[self.name].query_fields(now, actor_id)

    @property
    def has_fixed_assignee(self) -> bool:
        """Whether the view itself determines the assignee."""
        return not self.conditions.keys().isdisjoint({"assignee_id", "unassigned"})


VIEWS: Final[dict[str, View]] = {
    str(view.name): view
    for view in (
        View(
            QueueView.OPEN,
            texts.QUEUE_VIEW_ALL_OPEN,
            "inbox",
            "g i",
            (texts.QUEUE_VIEW_OPEN_EMPTY_TITLE, texts.QUEUE_VIEW_OPEN_EMPTY_TEXT),
        ),
        View(
            QueueView.MINE,
            texts.DESK_MINE,
            "user",
            "g m",
            (texts.QUEUE_VIEW_MINE_EMPTY_TITLE, texts.QUEUE_VIEW_MINE_EMPTY_TEXT),
        ),
        View(
            QueueView.UNASSIGNED,
            texts.DESK_UNASSIGNED,
            "user-x",
            "g u",
            (texts.QUEUE_VIEW_UNASSIGNED_EMPTY_TITLE, texts.QUEUE_VIEW_UNASSIGNED_EMPTY_TEXT),
        ),
        View(
            QueueView.DUE_SOON,
            texts.QUEUE_VIEW_DUE_SOON,
            "timer",
            "g d",
            (texts.QUEUE_VIEW_DUE_SOON_EMPTY_TITLE, texts.QUEUE_VIEW_DUE_SOON_EMPTY_TEXT),
        ),
        View(
            QueueView.OVERDUE,
            texts.QUEUE_VIEW_OVERDUE,
            "circle-alert",
            "g o",
            (texts.QUEUE_VIEW_OVERDUE_EMPTY_TITLE, texts.QUEUE_VIEW_OVERDUE_EMPTY_TEXT),
        ),
        View(
            QueueView.WAITING,
            texts.QUEUE_VIEW_WAITING,
            "hourglass",
            "g w",
            (
                texts.QUEUE_VIEW_WAITING_EMPTY_TITLE,
                texts.QUEUE_VIEW_WAITING_EMPTY_TEXT,
            ),
        ),
        View(
            QueueView.SNOOZED,
            texts.QUEUE_VIEW_SNOOZED,
            "alarm-clock",
            "g z",
            (texts.QUEUE_VIEW_SNOOZED_EMPTY_TITLE, texts.QUEUE_VIEW_SNOOZED_EMPTY_TEXT),
        ),
        View(
            QueueView.CLOSED,
            texts.QUEUE_VIEW_RECENTLY_CLOSED,
            "circle-check",
            "g c",
            (
                texts.QUEUE_VIEW_CLOSED_EMPTY_TITLE,
                texts.QUEUE_VIEW_CLOSED_EMPTY_TEXT,
            ),
        ),
        View(
            QueueView.ALL,
            texts.DESK_ALL_TICKETS,
            "list",
            "g a",
            (
                texts.QUEUE_VIEW_ALL_EMPTY_TITLE,
                texts.QUEUE_VIEW_ALL_EMPTY_TEXT,
            ),
        ),
    )
}
DEFAULT_VIEW: Final = str(QueueView.OPEN)
TRASH_VIEW: Final = "trash"

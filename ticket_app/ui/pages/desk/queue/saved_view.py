"""The saved view that the queue shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ticket_app.core.platform import sharing
from ticket_app.core.platform.errors import Conflict
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import saved_views
from ticket_app.core.tickets.saved_view_fields import ICONS
from ticket_app.core.tickets.saved_views import SavedViewRow
from ticket_app.core.tickets.ticket_conditions import (
    NO_CONDITIONS,
    ConditionGroup,
    Match,
)
from ticket_app.ui.pages.desk.queue.filters import QueueFilters
from ticket_app.ui.pages.desk.queue.view_conditions import find_view, read_filters


@dataclass(frozen=True)
class OpenView:
    """A saved view and what the person may do with it; without an id for a standard view."""

    id: int = 0
    name: str = ""
    icon: str = ICONS[0]
    scope: str = "me"
    can_change: bool = False
    is_pinned: bool = False
    is_default: bool = False
    is_changed: bool = False
    seen: str = ""
    """When it was changed last, as it was shown."""


NO_VIEW: Final = OpenView()


def open_view(
    uow: UnitOfWork, name: str, params: Mapping[str, str]
) -> tuple[OpenView, QueueFilters]:
    """Return the saved view and the filters that a URL names by the id of the view.

    Raises `NotFound` for a view that does not exist or that the actor may not use.
    """
    row = find_view(uow, name)
    filters = read_filters(uow, row, params)
    return describe_view(uow, row, filters), filters


def describe_view(uow: UnitOfWork, row: SavedViewRow, filters: QueueFilters) -> OpenView:
    """Return what the queue shows of a saved view."""
    return OpenView(
        id=row.id,
        name=row.name,
        icon=row.icon,
        scope=row.scope,
        can_change=saved_views.can_change(uow, row),
        is_pinned=row.rank is not None,
        is_default=bool(row.is_default),
        is_changed=filters.is_changed,
        seen=row.updated_at.isoformat(),
    )


def parse_seen(text: str) -> datetime:
    """Return the moment in `OpenView.seen`. Raises `Conflict` for anything else."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Conflict(sharing.CHANGED_MEANWHILE) from None


def without_condition(conditions: ConditionGroup, name: str) -> ConditionGroup:
    """Return conditions without the one that a chip shows ("condition 2")."""
    number = name.removeprefix("condition ")
    if conditions.match is Match.ANY and len(conditions.parts) > 1:
        return NO_CONDITIONS
    parts = tuple(part for n, part in enumerate(conditions.parts) if str(n) != number)
    return ConditionGroup(Match.ALL, parts)

"""Response bodies of the history (Models: TicketHistory)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field as Bounded
from typing_extensions import TypedDict

from ticket_app.api.dialects.ticketing.vocabulary import (
    EVENTS_BY_ACTION,
    FIELD_NAMES,
    VOCABULARIES,
    action_for,
)
from ticket_app.api.kit.drf_parameters import ListPage
from ticket_app.core.platform.vocabulary import EntryKind
from ticket_app.core.timeline.rows import EntryRow

ActionValue = Annotated[str, Bounded(json_schema_extra={"enum": list(EVENTS_BY_ACTION)})]


class HistoryEntry(TypedDict):
    """TicketHistory."""

    id: int
    ticket: int
    user: int | None
    user_name: str | None
    action: ActionValue
    field_name: str | None
    old_value: str | None
    new_value: str | None
    timestamp: datetime


class HistoryPage(ListPage):
    """One page of the history."""

    results: list[HistoryEntry]


def format_history_entry(line: EntryRow) -> HistoryEntry:
    """Format an entry of the history (TicketHistory)."""
    vocabulary = VOCABULARIES.get(line.field or "") if line.kind == EntryKind.CHANGE else None
    field = FIELD_NAMES.get(line.field or "") if line.kind == EntryKind.CHANGE else None
    has_values = line.kind in (EntryKind.CHANGE, EntryKind.FILE)
    old, new = (line.old_value, line.new_value) if has_values else (None, None)
    return {
        "id": line.id,
        "ticket": line.ticket_id,
        "user": line.actor_id,
        "user_name": line.actor_name,
        "action": action_for(line.kind, line.field),
        "field_name": field,
        "old_value": vocabulary.format(old) if vocabulary and old else old,
        "new_value": vocabulary.format(new) if vocabulary and new else new,
        "timestamp": line.at,
    }

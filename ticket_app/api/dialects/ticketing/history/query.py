"""The timeline entries that the history shows."""

from __future__ import annotations

from ticket_app.api.dialects.ticketing.vocabulary import EVENTS_BY_ACTION, STATUS
from ticket_app.core.conversation.activity import ActivityQuery
from ticket_app.core.platform.errors import Invalid, invalid_choice


def history_query(ticket_id: int | None = None, action: str | None = None) -> ActivityQuery:
    """Return the query for the history; of one ticket, with one action. Raises `Invalid`."""
    if action and action not in EVENTS_BY_ACTION:
        raise Invalid("action", invalid_choice(EVENTS_BY_ACTION, action))
    events = (
        EVENTS_BY_ACTION[action]
        if action
        else [event for action_events in EVENTS_BY_ACTION.values() for event in action_events]
    )
    return ActivityQuery(
        ticket_id=ticket_id,
        entry_filters=tuple(events),
        ignored_changes=tuple(("status", values) for values in STATUS.ambiguous_values),
        newest_first=True,
    )

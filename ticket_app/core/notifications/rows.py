"""The row that notifications are read as."""

from __future__ import annotations

from datetime import date, datetime


class NotificationRow:
    """A notification, with its ticket and who caused it."""

    id: int
    person_id: int
    kind: str
    ticket_id: int | None
    entry_id: int | None
    actor_id: int | None
    message: str
    created_at: datetime
    read_at: datetime | None
    key_prefix: str | None
    key_number: int | None
    opened_on: date | None
    day_number: int | None
    title: str | None
    actor_name: str | None

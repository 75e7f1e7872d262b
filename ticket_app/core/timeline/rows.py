"""The rows that entries of the timeline are read as."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID


class ShortEntryRow:
    """An entry of the timeline whose texts are cut, with the names of its actor, if it has one."""

    id: int
    uuid: UUID
    ticket_id: int
    ticket_updated_at: datetime | None
    at: datetime
    actor_id: int | None
    by_staff: bool
    kind: str
    audience: str
    body: str | None
    body_format: str
    field: str | None
    old_value: str | None
    new_value: str | None
    old_id: int | None
    new_id: int | None
    mentions: list[int] | None
    updated_at: datetime | None
    edited: bool
    deleted_at: datetime | None
    actor_username: str | None
    actor_first_name: str | None
    actor_last_name: str | None


class EntryRow(ShortEntryRow):
    """An entry of the timeline, with its actor, if it has one."""

    actor_uuid: UUID | None
    actor_name: str | None
    actor_role: str | None
    actor_team: str | None

"""Fields of a ticket as they are told outside: their names there, and how their values are read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from ticket_app.core.platform.vocabulary import Audience, EntryKind, Kind, Priority, Status
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.core.webhooks import event_words

LONGEST_VALUE = 1_000
"""Characters; longer values are cut, and said to be."""

Reading = Callable[[str | None, int | None], Any]


def _text(value: str | None, _id: int | None) -> str | None:
    return value


def _row(_value: str | None, row_id: int | None) -> int | None:
    return row_id


def _number(value: str | None, _id: int | None) -> float | None:
    return None if value is None else float(value)


def _stars(value: str | None, _id: int | None) -> int | None:
    return None if value is None else int(value)


def _moment(value: str | None, _id: int | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def _list(value: str | None, _id: int | None) -> list[str]:
    return value.split(", ") if value else []


def _status(value: str | None, _id: int | None) -> str | None:
    return None if value is None else event_words.STATUS[Status(value)]


def _priority(value: str | None, _id: int | None) -> str | None:
    return None if value is None else event_words.PRIORITY[Priority(value)]


def _kind(value: str | None, _id: int | None) -> str | None:
    return None if value is None else event_words.KIND[Kind(value)]


FIELDS: dict[str, tuple[str, Reading]] = {
    "status": ("status", _status),
    "priority": ("priority", _priority),
    "kind": ("ticket_type", _kind),
    "assignee": ("assigned_to_id", _row),
    "team": ("team_id", _row),
    "department": ("department_id", _row),
    "company": ("company_id", _row),
    "contact": ("contact_id", _row),
    "duplicate_of": ("duplicate_of_id", _row),
    "follow_up": ("follow_up_id", _row),
    "follow_up_of": ("follow_up_of_id", _row),
    "due_at": ("due_date", _moment),
    "tags": ("tags", _list),
    "estimated_hours": ("estimated_hours", _number),
    "actual_hours": ("actual_hours", _number),
    "satisfaction_rating": ("customer_satisfaction_rating", _stars),
    "category": ("category", _text),
    "severity": ("severity", _text),
    "title": ("title", _text),
    "description": ("description", _text),
    "section": ("section", _text),
    "plugin_name": ("plugin_name", _text),
    "client_version": ("client_version", _text),
    "steps_to_reproduce": ("steps_to_reproduce", _text),
    "expected_behavior": ("expected_behavior", _text),
    "actual_behavior": ("actual_behavior", _text),
    "environment": ("environment", _text),
    "admin_feedback": ("admin_feedback", _text),
    "public_notes": ("public_notes", _text),
    "internal_notes": ("internal_notes", _text),
    "merged_into": ("merged_into", _text),
    "merged_from": ("merged_from", _text),
    "text_format": ("text_format", _text),
    "comment": ("comment", _text),
    "file": ("file", _text),
}
"""How the timeline's fields are told: their name outside, and how their values are read."""
if FIELDS.keys() != ticket_fields.FIELDS.keys():
    differing = sorted(FIELDS.keys() ^ ticket_fields.FIELDS.keys())
    raise LookupError(f"fields without an audience, or not told by webhooks: {differing}")

AS_IT_WAS: dict[str, tuple[str, Reading]] = {
    "title": ("title", _text),
    "status": ("status", _text),
    "priority": ("priority", _text),
    "kind": ("kind", _text),
    "assignee": ("assignee_id", _row),
    "department": ("department_id", _row),
    "tags": ("tags", _list),
    "due_at": ("due_at", _moment),
}
"""Which columns a later change of a field is taken back in, and from what."""

_TRASHED = {EntryKind.DELETED: True, EntryKind.RESTORED: False}


def told(line: Any) -> dict[str, Any] | None:
    """One changed field as it is told; None for what is no change, or not one outside."""
    if line.kind in _TRASHED:
        gone = _TRASHED[line.kind]
        return {"field": "is_deleted", "old": not gone, "new": gone}
    if line.kind != EntryKind.CHANGE:
        return None
    name, read = FIELDS.get(line.field, (line.field, _text))
    old, new = read(line.old_value, line.old_id), read(line.new_value, line.new_id)
    if old == new:
        return None
    change: dict[str, Any] = {"field": name, "old": _cut(old), "new": _cut(new)}
    if line.audience == Audience.INTERNAL:
        change["is_internal"] = True
    if change["old"] != old or change["new"] != new:
        change["is_truncated"] = True
    return change


def _cut(value: Any) -> Any:
    return value[:LONGEST_VALUE] if isinstance(value, str) else value

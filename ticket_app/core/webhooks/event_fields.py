"""Ticket fields in webhook events: their names in payloads and how their values are read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from ticket_app.core.platform.vocabulary import Audience, EntryKind, Kind, Priority, Status
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.core.webhooks import event_vocabulary

MAX_VALUE_LENGTH = 1_000
"""Characters of a value; longer values are cut and marked as truncated."""

ValueParser = Callable[[str | None, int | None], Any]


def _parse_text(value: str | None, _id: int | None) -> str | None:
    return value


def _parse_id(_value: str | None, row_id: int | None) -> int | None:
    return row_id


def _parse_number(value: str | None, _id: int | None) -> float | None:
    return None if value is None else float(value)


def _parse_rating(value: str | None, _id: int | None) -> int | None:
    return None if value is None else int(value)


def _parse_datetime(value: str | None, _id: int | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def _parse_list(value: str | None, _id: int | None) -> list[str]:
    return value.split(", ") if value else []


def _translate_status(value: str | None, _id: int | None) -> str | None:
    return None if value is None else event_vocabulary.STATUS[Status(value)]


def _translate_priority(value: str | None, _id: int | None) -> str | None:
    return None if value is None else event_vocabulary.PRIORITY[Priority(value)]


def _translate_kind(value: str | None, _id: int | None) -> str | None:
    return None if value is None else event_vocabulary.KIND[Kind(value)]


EVENT_FIELDS: dict[str, tuple[str, ValueParser]] = {
    "status": ("status", _translate_status),
    "priority": ("priority", _translate_priority),
    "kind": ("ticket_type", _translate_kind),
    "assignee": ("assigned_to_id", _parse_id),
    "team": ("team_id", _parse_id),
    "department": ("department_id", _parse_id),
    "company": ("company_id", _parse_id),
    "contact": ("contact_id", _parse_id),
    "duplicate_of": ("duplicate_of_id", _parse_id),
    "follow_up": ("follow_up_id", _parse_id),
    "follow_up_of": ("follow_up_of_id", _parse_id),
    "due_at": ("due_date", _parse_datetime),
    "tags": ("tags", _parse_list),
    "estimated_hours": ("estimated_hours", _parse_number),
    "actual_hours": ("actual_hours", _parse_number),
    "satisfaction_rating": ("customer_satisfaction_rating", _parse_rating),
    "category": ("category", _parse_text),
    "severity": ("severity", _parse_text),
    "title": ("title", _parse_text),
    "description": ("description", _parse_text),
    "section": ("section", _parse_text),
    "plugin_name": ("plugin_name", _parse_text),
    "client_version": ("client_version", _parse_text),
    "steps_to_reproduce": ("steps_to_reproduce", _parse_text),
    "expected_behavior": ("expected_behavior", _parse_text),
    "actual_behavior": ("actual_behavior", _parse_text),
    "environment": ("environment", _parse_text),
    "admin_feedback": ("admin_feedback", _parse_text),
    "public_notes": ("public_notes", _parse_text),
    "internal_notes": ("internal_notes", _parse_text),
    "merged_into": ("merged_into", _parse_text),
    "merged_from": ("merged_from", _parse_text),
    "text_format": ("text_format", _parse_text),
    "comment": ("comment", _parse_text),
    "file": ("file", _parse_text),
}
"""For each timeline field: its name in payloads and how its values are read."""
if EVENT_FIELDS.keys() != ticket_fields.FIELDS.keys():
    mismatched_fields = sorted(EVENT_FIELDS.keys() ^ ticket_fields.FIELDS.keys())
    raise LookupError(f"fields without an audience, or not sent to webhooks: {mismatched_fields}")

SNAPSHOT_COLUMNS: dict[str, tuple[str, ValueParser]] = {
    "title": ("title", _parse_text),
    "status": ("status", _parse_text),
    "priority": ("priority", _parse_text),
    "kind": ("kind", _parse_text),
    "assignee": ("assignee_id", _parse_id),
    "department": ("department_id", _parse_id),
    "tags": ("tags", _parse_list),
    "due_at": ("due_at", _parse_datetime),
}
"""For each timeline field: the snapshot columns that a later change reverts, and how to read them.
"""
ticket_fields.ensure_registered(SNAPSHOT_COLUMNS, "SNAPSHOT_COLUMNS")

_IS_DELETED_BY_KIND = {EntryKind.DELETED: True, EntryKind.RESTORED: False}


def format_change(entry: Any) -> dict[str, Any] | None:
    """Return one changed field as a payload, or None for no change or a field that is not
    published.
    """
    if entry.kind in _IS_DELETED_BY_KIND:
        is_deleted = _IS_DELETED_BY_KIND[entry.kind]
        return {"field": "is_deleted", "old": not is_deleted, "new": is_deleted}
    if entry.kind != EntryKind.CHANGE:
        return None
    name, parse = EVENT_FIELDS.get(entry.field, (entry.field, _parse_text))
    old, new = parse(entry.old_value, entry.old_id), parse(entry.new_value, entry.new_id)
    if old == new:
        return None
    change: dict[str, Any] = {"field": name, "old": _truncate(old), "new": _truncate(new)}
    if entry.audience == Audience.INTERNAL:
        change["is_internal"] = True
    if change["old"] != old or change["new"] != new:
        change["is_truncated"] = True
    return change


def _truncate(value: Any) -> Any:
    return value[:MAX_VALUE_LENGTH] if isinstance(value, str) else value

"""The events on the timeline of a ticket, as sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ticket_app.core.platform.vocabulary import ApprovalEvent, EntryKind
from ticket_app.core.tickets.fields import FIELDS
from ticket_app.core.tickets.transitions import is_reopening
from ticket_app.core.timeline.rows import EntryRow
from ticket_app.ui.field_values import choice_label
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.rows import iso_time

MAX_SHOWN_VALUE: Final = 120
APPROVAL_ACTIONS: Final[dict[str, str]] = {
    ApprovalEvent.REQUESTED: texts.HISTORY_APPROVAL_REQUESTED,
    ApprovalEvent.ASKED: texts.HISTORY_APPROVAL_REQUESTED_FROM,
    ApprovalEvent.APPROVED: texts.HISTORY_APPROVAL_APPROVED,
    ApprovalEvent.REJECTED: texts.HISTORY_APPROVAL_REJECTED,
    ApprovalEvent.REMARK: texts.HISTORY_APPROVAL_COMMENTED,
    ApprovalEvent.DELEGATED: texts.HISTORY_APPROVAL_DELEGATED,
    ApprovalEvent.INFO_REQUESTED: texts.HISTORY_APPROVAL_ASKED,
    ApprovalEvent.INFO_GIVEN: texts.HISTORY_APPROVAL_ANSWERED,
    ApprovalEvent.ESCALATED: texts.HISTORY_APPROVAL_ESCALATED,
    ApprovalEvent.CANCELLED: texts.HISTORY_APPROVAL_WITHDRAWN,
}
APPROVALS_NAMING_PEOPLE: Final = frozenset(
    {ApprovalEvent.ASKED, ApprovalEvent.DELEGATED, ApprovalEvent.ESCALATED}
)
"""The approval events whose new value names people."""
MERGE_ACTIONS: Final = {
    "merged_into": (texts.HISTORY_UNMERGED_FROM, texts.HISTORY_MERGED_INTO),
    "merged_from": (texts.HISTORY_UNMERGED, texts.HISTORY_MERGED_IN),
}
"""The actions of undoing and making a merge."""
FOLLOW_UP_ACTIONS: Final = {
    "follow_up": texts.HISTORY_FOLLOW_UP,
    "follow_up_of": texts.HISTORY_FOLLOW_UP_OF,
}
"""The actions of opening a follow-up ticket by a late reply."""


@dataclass(frozen=True)
class EventRow:
    """An event on the timeline."""

    id: int
    name: str
    action: str
    old: str
    new: str
    at: str
    shows_times: bool = False
    """`old` and `new` are moments, shown in the browser's time zone."""
    is_new: bool = False
    """The event happened since the reader last looked, and is highlighted."""


def _format_value(name: str, value: str | None) -> str:
    if not value:
        return ""
    if name in FIELDS and FIELDS[name].has_choices:
        return choice_label(name, value)
    if name == "due_at":
        return iso_time(datetime.fromisoformat(value))
    return value if len(value) <= MAX_SHOWN_VALUE else value[:MAX_SHOWN_VALUE] + "…"


SLA_ACTIONS = {"warned": texts.HISTORY_SLA_AT_RISK, "breached": texts.HISTORY_SLA_BREACHED}
"""The actions of SLA events, by their new value."""


def event_row(line: EntryRow) -> EventRow:
    name = line.field or ""
    field = FIELDS.get(name)
    label = field.label if field else name.replace("_", " ")
    old, new = _format_value(name, line.old_value), _format_value(name, line.new_value)
    match line.kind:
        case EntryKind.FILE:
            action, old = texts.HISTORY_ATTACHED, ""
        case EntryKind.DELETED:
            action = texts.HISTORY_DELETED
        case EntryKind.RESTORED:
            action = texts.HISTORY_RESTORED
        case EntryKind.SERVICE_LEVEL:
            action = texts.history_sla_target(
                label, SLA_ACTIONS.get(line.new_value, texts.HISTORY_SLA_CHANGED)
            )
            old, new = "", _format_value("due_at", line.old_value)
        case EntryKind.APPROVAL:
            action, old = APPROVAL_ACTIONS.get(name, texts.HISTORY_APPROVAL), ""
            new = new if name in APPROVALS_NAMING_PEOPLE else _format_value(name, line.body)
        case _:
            action, old, new = _describe_change(name, label, old, new)
            if name == "status" and is_reopening(line.old_value, line.new_value):
                action = texts.HISTORY_REOPENED
    shows_times = name == "due_at" or line.kind == EntryKind.SERVICE_LEVEL
    actor_name = line.actor_name or texts.TICKET_EVENT_SYSTEM
    return EventRow(line.id, actor_name, action, old, new, iso_time(line.at), shows_times)


def _describe_change(name: str, label: str, old: str, new: str) -> tuple[str, str, str]:
    """Return the action on a field, its old value and its new one."""
    if name in FOLLOW_UP_ACTIONS:
        return FOLLOW_UP_ACTIONS[name], "", new
    if name == "routing_rule":
        return texts.HISTORY_ROUTED, "", new
    if name in MERGE_ACTIONS:
        return MERGE_ACTIONS[name][bool(new)], "", new or old
    if name == "copied_person":
        return (texts.HISTORY_CC_ADDED if new else texts.HISTORY_CC_REMOVED), "", new or old
    if name == "comment":
        return texts.HISTORY_COMMENT_EDITED if new else texts.HISTORY_COMMENT_DELETED, old, new
    if name == "file":
        return texts.HISTORY_FILE_REMOVED, old, new
    if name == "file_name":
        return texts.HISTORY_FILE_RENAMED, old, new
    if name in FIELDS and FIELDS[name].is_long_text:
        return texts.history_edited(label), old, new
    if name == "assignee":
        return texts.HISTORY_ASSIGNED if new else texts.HISTORY_UNASSIGNED, old, new
    return texts.history_set(label) if new else texts.history_cleared(label), old, new

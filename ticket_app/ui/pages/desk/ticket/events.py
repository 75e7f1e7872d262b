"""The events on the timeline of a ticket, as sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ticket_app.core.platform.vocabulary import ApprovalEvent, EntryKind
from ticket_app.core.tickets.transitions import is_reopening
from ticket_app.ui import theme
from ticket_app.ui.pages.desk.ticket.details import SEVERITY_LABELS
from ticket_app.ui.rows import iso_time

MAX_SHOWN_VALUE: Final = 120
FIELD_LABELS: Final[dict[str, str]] = {
    "status": "status",
    "priority": "priority",
    "kind": "kind",
    "severity": "severity",
    "assignee": "assignee",
    "team": "team",
    "company": "company",
    "department": "department",
    "due_at": "due date",
    "admin_feedback": "feedback",
    "internal_notes": "working notes",
    "public_notes": "public notes",
    "duplicate_of": "original",
    "steps_to_reproduce": "steps to reproduce",
    "expected_behavior": "expected behaviour",
    "actual_behavior": "actual behaviour",
    "plugin_name": "plugin",
    "client_version": "version",
    "text_format": "text format",
    "file": "file",
}
VALUE_LOOKS: Final[dict[str, dict[str, Any]]] = {
    "status": theme.STATUS_LOOKS,
    "priority": theme.PRIORITY_LOOKS,
    "kind": theme.KIND_LOOKS,
}
LONG_TEXT_FIELDS: Final = frozenset(
    {
        "description",
        "admin_feedback",
        "internal_notes",
        "public_notes",
        "steps_to_reproduce",
        "expected_behavior",
        "actual_behavior",
        "environment",
    }
)
APPROVAL_ACTIONS: Final[dict[str, str]] = {
    ApprovalEvent.REQUESTED: "requested approval",
    ApprovalEvent.ASKED: "requested approval from",
    ApprovalEvent.APPROVED: "approved",
    ApprovalEvent.REJECTED: "rejected",
    ApprovalEvent.REMARK: "commented on the approval",
    ApprovalEvent.DELEGATED: "delegated the approval to",
    ApprovalEvent.INFO_REQUESTED: "asked the requester for information",
    ApprovalEvent.INFO_GIVEN: "answered the approvers' question",
    ApprovalEvent.ESCALATED: "escalated the approval to",
    ApprovalEvent.CANCELLED: "withdrew the approval request",
}
APPROVALS_NAMING_PEOPLE: Final = frozenset(
    {ApprovalEvent.ASKED, ApprovalEvent.DELEGATED, ApprovalEvent.ESCALATED}
)
"""The approval events whose new value names people."""
MERGE_ACTIONS: Final = {
    "merged_into": ("unmerged this from", "merged this into"),
    "merged_from": ("unmerged", "merged in"),
}
"""The actions of undoing and making a merge."""
FOLLOW_UP_ACTIONS: Final = {
    "follow_up": "replied to the closed ticket and opened",
    "follow_up_of": "opened this as a follow-up to",
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
    if name in VALUE_LOOKS and value in VALUE_LOOKS[name]:
        label: str = VALUE_LOOKS[name][value].word
        return label
    if name == "severity":
        return SEVERITY_LABELS.get(value, value)
    if name == "due_at":
        return iso_time(datetime.fromisoformat(value))
    return value if len(value) <= MAX_SHOWN_VALUE else value[:MAX_SHOWN_VALUE] + "…"


SLA_ACTIONS = {"warned": "is at risk,", "breached": "was missed,"}
"""The actions of SLA events, by their new value."""


def event_row(line: Any) -> EventRow:
    name = line.field or ""
    label = FIELD_LABELS.get(name, name.replace("_", " "))
    old, new = _format_value(name, line.old_value), _format_value(name, line.new_value)
    match line.kind:
        case EntryKind.FILE:
            action, old = "attached", ""
        case EntryKind.DELETED:
            action = "moved the ticket to the trash"
        case EntryKind.RESTORED:
            action = "restored the ticket"
        case EntryKind.SERVICE_LEVEL:
            action = (
                f"noted that the {label} target {SLA_ACTIONS.get(line.new_value, 'changed,')} due"
            )
            old, new = "", _format_value("due_at", line.old_value)
        case EntryKind.APPROVAL:
            action, old = APPROVAL_ACTIONS.get(name, "approval"), ""
            new = new if name in APPROVALS_NAMING_PEOPLE else _format_value(name, line.body)
        case _:
            action, old, new = _describe_change(name, label, old, new)
            if name == "status" and is_reopening(line.old_value, line.new_value):
                action = "reopened the ticket as"
    shows_times = name == "due_at" or line.kind == EntryKind.SERVICE_LEVEL
    actor_name = line.actor_name or "System"
    return EventRow(line.id, actor_name, action, old, new, iso_time(line.at), shows_times)


def _describe_change(name: str, label: str, old: str, new: str) -> tuple[str, str, str]:
    """Return the action on a field, its old value and its new one."""
    if name in FOLLOW_UP_ACTIONS:
        return FOLLOW_UP_ACTIONS[name], "", new
    if name in MERGE_ACTIONS:
        return MERGE_ACTIONS[name][bool(new)], "", new or old
    if name == "file":
        return "removed the file", old, new
    if name in LONG_TEXT_FIELDS:
        return f"edited the {label}", old, new
    if name == "assignee":
        return "assigned this to" if new else "unassigned", old, new
    return f"set the {label} to" if new else f"cleared the {label}", old, new

"""The document's vocabulary: statuses, priorities, categories, and names in the history."""

from __future__ import annotations

from ticket_app.api.kit.vocabulary import Vocabulary
from ticket_app.core.conversation.activity import EntryFilter
from ticket_app.core.platform.vocabulary import Category, EntryKind, Priority, Status

STATUS = Vocabulary(
    "status",
    Status,
    value_by_word={
        "new": Status.NEW,
        "open": Status.OPEN,
        "in_progress": Status.IN_PROGRESS,
        "pending": Status.PENDING_USER,
        "resolved": Status.RESOLVED,
        "closed": Status.CLOSED,
        "reopened": Status.REOPENED,
    },
    word_by_value={
        Status.NEW: "new",
        Status.OPEN: "open",
        Status.IN_PROGRESS: "in_progress",
        Status.PENDING_USER: "pending",
        Status.PENDING_APPROVAL: "pending",
        Status.RESOLVED: "resolved",
        Status.CLOSED: "closed",
        Status.REOPENED: "reopened",
        Status.DUPLICATE: "closed",
        Status.WONT_FIX: "closed",
    },
)
"""Status Tracking."""

PRIORITY = Vocabulary(
    "priority",
    Priority,
    value_by_word={str(word): word for word in Priority},
    word_by_value={word: str(word) for word in Priority},
)
"""Priority Levels."""

CATEGORY = Vocabulary(
    "category",
    Category,
    value_by_word={str(word): word for word in Category},
    word_by_value={word: str(word) for word in Category},
)
"""Categories: the document names some of them as examples."""

VOCABULARIES = {"status": STATUS, "priority": PRIORITY, "category": CATEGORY}

FIELD_NAMES = {
    "title": "subject",
    "description": "description",
    "status": "status",
    "priority": "priority",
    "category": "category",
    "company": "customer",
    "assignee": "assigned_to",
    "due_at": "due_date",
    "estimated_hours": "estimated_hours",
    "actual_hours": "actual_hours",
    "tags": "tags",
}
"""`field_name`: the document's names for the fields in the history."""

ACTION_BY_FIELD = {
    "status": "status_changed",
    "priority": "priority_changed",
    "assignee": "assigned",
    "file": "attachment_removed",
}
"""Fields whose changes have their own action; any other change is `updated`."""

EVENTS_BY_ACTION: dict[str, tuple[EntryFilter, ...]] = {
    "created": ((EntryKind.CREATED, frozenset()),),
    **{
        action: ((EntryKind.CHANGE, frozenset({field})),)
        for field, action in ACTION_BY_FIELD.items()
    },
    "updated": ((EntryKind.CHANGE, frozenset(FIELD_NAMES) - ACTION_BY_FIELD.keys()),),
    "comment_added": ((EntryKind.COMMENT, frozenset()),),
    "attachment_added": ((EntryKind.FILE, frozenset()),),
    "deleted": ((EntryKind.DELETED, frozenset()),),
    "restored": ((EntryKind.RESTORED, frozenset()),),
}
"""`action`: the timeline entries of each action."""


def action_for(kind: str, field: str | None) -> str:
    """Return the action of a timeline entry."""
    return next(
        action
        for action, events in EVENTS_BY_ACTION.items()
        for entry_kind, fields in events
        if entry_kind == kind and (not fields or field in fields)
    )


CLOSED_WORD = "closed"
"""The status of tickets whose `closed_at` is set."""

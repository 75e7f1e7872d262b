"""The document's words: statuses, priorities, categories, and what history calls things."""

from __future__ import annotations

from ticket_app.api.kit.vocabulary import Vocabulary
from ticket_app.core.conversation.activity import Event
from ticket_app.core.platform.vocabulary import Category, EntryKind, Priority, Status

STATUS = Vocabulary(
    "status",
    Status,
    hears={
        "new": Status.NEW,
        "open": Status.OPEN,
        "in_progress": Status.IN_PROGRESS,
        "pending": Status.PENDING_USER,
        "resolved": Status.RESOLVED,
        "closed": Status.CLOSED,
        "reopened": Status.REOPENED,
    },
    says={
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
    hears={str(word): word for word in Priority},
    says={word: str(word) for word in Priority},
)
"""Priority Levels."""

CATEGORY = Vocabulary(
    "category",
    Category,
    hears={str(word): word for word in Category},
    says={word: str(word) for word in Category},
)
"""Categories: the document names some and says there are more."""

WORDS = {"status": STATUS, "priority": PRIORITY, "category": CATEGORY}

FIELD = {
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
"""field_name: what the document calls the fields that history tells of."""

OF_THEIR_OWN = {
    "status": "status_changed",
    "priority": "priority_changed",
    "assignee": "assigned",
    "file": "attachment_removed",
}
"""Changes of a field that are an action of their own; any other is `updated`."""

ACTION: dict[str, tuple[Event, ...]] = {
    "created": ((EntryKind.CREATED, frozenset()),),
    **{action: ((EntryKind.CHANGE, frozenset({field})),) for field, action in OF_THEIR_OWN.items()},
    "updated": ((EntryKind.CHANGE, frozenset(FIELD) - OF_THEIR_OWN.keys()),),
    "comment_added": ((EntryKind.COMMENT, frozenset()),),
    "attachment_added": ((EntryKind.FILE, frozenset()),),
    "deleted": ((EntryKind.DELETED, frozenset()),),
    "restored": ((EntryKind.RESTORED, frozenset()),),
}
"""action: which lines of the timeline each word stands for."""


def action_of(kind: str, field: str | None) -> str:
    """The action a line of the timeline is."""
    return next(
        action
        for action, events in ACTION.items()
        for of, fields in events
        if of == kind and (not fields or field in fields)
    )

"""The document's vocabulary (Ticket Model), for requests, responses and webhooks."""

from __future__ import annotations

from ticket_app.api.kit.vocabulary import Vocabulary
from ticket_app.core.platform.vocabulary import Kind, Priority, Status

STATUS = Vocabulary(
    "status",
    Status,
    value_by_word={
        "open": Status.OPEN,
        "in_progress": Status.IN_PROGRESS,
        "pending_approval": Status.PENDING_APPROVAL,
        "resolved": Status.RESOLVED,
        "closed": Status.CLOSED,
    },
    word_by_value={
        Status.NEW: "open",
        Status.OPEN: "open",
        Status.IN_PROGRESS: "in_progress",
        Status.PENDING_USER: "in_progress",
        Status.PENDING_APPROVAL: "pending_approval",
        Status.RESOLVED: "resolved",
        Status.CLOSED: "closed",
        Status.REOPENED: "open",
        Status.DUPLICATE: "closed",
        Status.WONT_FIX: "closed",
    },
)
PRIORITY = Vocabulary(
    "priority",
    Priority,
    value_by_word={
        "low": Priority.LOW,
        "medium": Priority.MEDIUM,
        "high": Priority.HIGH,
        "critical": Priority.CRITICAL,
    },
    word_by_value={
        Priority.LOW: "low",
        Priority.MEDIUM: "medium",
        Priority.HIGH: "high",
        Priority.URGENT: "critical",
        Priority.CRITICAL: "critical",
    },
)
KIND = Vocabulary(
    "ticket_type",
    Kind,
    value_by_word={
        "incident": Kind.INCIDENT,
        "request": Kind.REQUEST,
        "problem": Kind.PROBLEM,
        "change": Kind.CHANGE,
    },
    word_by_value={
        Kind.BUG: "problem",
        Kind.FEATURE_REQUEST: "change",
        Kind.IMPROVEMENT: "change",
        Kind.SUPPORT: "request",
        Kind.INCIDENT: "incident",
        Kind.REQUEST: "request",
        Kind.PROBLEM: "problem",
        Kind.CHANGE: "change",
        Kind.OTHER: "request",
    },
)

VOCABULARIES = {"status": STATUS, "priority": PRIORITY, "kind": KIND}
"""The vocabulary of each core field."""

FIELD_NAMES = {
    "kind": "ticket_type",
    "assignee_id": "assigned_to_id",
    "due_at": "due_date",
    "satisfaction_rating": "customer_satisfaction_rating",
}
"""The document's names of fields that it calls differently than the core."""

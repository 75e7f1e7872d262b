"""The options of each field (Ticket Model)."""

from __future__ import annotations

from ticket_app.api.kit.vocabulary import Vocabulary
from ticket_app.core.platform.vocabulary import Category, Priority, Status
from ticket_app.core.tickets.ticket_query import SortField

STATUS = Vocabulary(
    "status",
    Status,
    value_by_word={
        "open": Status.OPEN,
        "in_progress": Status.IN_PROGRESS,
        "pending_user": Status.PENDING_USER,
        "resolved": Status.RESOLVED,
        "closed": Status.CLOSED,
    },
    word_by_value={
        Status.NEW: "open",
        Status.OPEN: "open",
        Status.IN_PROGRESS: "in_progress",
        Status.PENDING_USER: "pending_user",
        Status.PENDING_APPROVAL: "in_progress",
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
        "urgent": Priority.URGENT,
    },
    word_by_value={
        Priority.LOW: "low",
        Priority.MEDIUM: "medium",
        Priority.HIGH: "high",
        Priority.URGENT: "urgent",
        Priority.CRITICAL: "urgent",
    },
)

CATEGORY = Vocabulary(
    "category",
    Category,
    value_by_word={
        "bug": Category.BUG,
        "feature": Category.FEATURE_REQUEST,
        "support": Category.SUPPORT,
        "billing": Category.BILLING,
        "other": Category.OTHER,
    },
    word_by_value={
        Category.BUG: "bug",
        Category.FEATURE_REQUEST: "feature",
        Category.SUPPORT: "support",
        Category.TECHNICAL: "support",
        Category.ZONE_CONFIG: "support",
        Category.ACCOUNT: "support",
        Category.BILLING: "billing",
        Category.PRODUCT: "other",
        Category.GENERAL: "other",
        Category.OTHER: "other",
    },
)

ORDERING: dict[str, SortField] = {
    "created_at": "created",
    "updated_at": "updated",
    "priority": "priority",
    "status": "status",
}
"""The sortable fields (TicketList)."""

"""The choices of each field (Field Reference)."""

from __future__ import annotations

from ticket_app.api.kit.vocabulary import Vocabulary
from ticket_app.core.platform.vocabulary import Category, Priority, Role, Status
from ticket_app.core.tickets.ticket_query import SortField

STATUS = Vocabulary(
    "status",
    Status,
    value_by_word={
        "new": Status.NEW,
        "assigned": Status.OPEN,
        "in_progress": Status.IN_PROGRESS,
        "pending": Status.PENDING_USER,
        "resolved": Status.RESOLVED,
        "closed": Status.CLOSED,
    },
    word_by_value={
        Status.NEW: "new",
        Status.OPEN: "assigned",
        Status.IN_PROGRESS: "in_progress",
        Status.PENDING_USER: "pending",
        Status.PENDING_APPROVAL: "pending",
        Status.RESOLVED: "resolved",
        Status.CLOSED: "closed",
        Status.REOPENED: "assigned",
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
        "technical": Category.TECHNICAL,
        "billing": Category.BILLING,
        "zone_config": Category.ZONE_CONFIG,
        "account": Category.ACCOUNT,
        "feature_request": Category.FEATURE_REQUEST,
        "general": Category.GENERAL,
    },
    word_by_value={
        Category.TECHNICAL: "technical",
        Category.BUG: "technical",
        Category.BILLING: "billing",
        Category.ZONE_CONFIG: "zone_config",
        Category.ACCOUNT: "account",
        Category.FEATURE_REQUEST: "feature_request",
        Category.PRODUCT: "general",
        Category.SUPPORT: "general",
        Category.GENERAL: "general",
        Category.OTHER: "general",
    },
)

TEAMS = ("Sales", "Tech", "Finance", "Music", "Admin")
"""The document's teams (Filter by team)."""

ROLE_NAMES: dict[str, str] = {
    Role.USER: "Customer",
    Role.AGENT: "Support",
    Role.MANAGER: "Manager",
    Role.ADMIN: "Admin",
    Role.SUPER_ADMIN: "Admin",
}
"""`author_role` of authors without a team."""

ORDERING: dict[str, SortField] = {
    "created_at": "created",
    "updated_at": "updated",
    "priority": "priority",
    "status": "status",
    "due_date": "due",
    "ticket_number": "number",
}
"""`ordering`: the sortable fields."""

CLOSED_WORD = "closed"
"""The status of tickets whose `closed_at` is set."""
OPEN_PARAMETER = "open"
"""The query parameter for unfinished tickets."""

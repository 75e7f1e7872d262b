"""The guide's vocabulary."""

from __future__ import annotations

from typing import Literal

from ticket_app.api.kit.vocabulary import Vocabulary
from ticket_app.core.platform.vocabulary import (
    AttachmentType,
    Kind,
    Priority,
    ReproductionRate,
    Severity,
    Status,
)

STATUS = Vocabulary(
    "status",
    Status,
    value_by_word={
        "open": Status.OPEN,
        "in_progress": Status.IN_PROGRESS,
        "pending_user": Status.PENDING_USER,
        "resolved": Status.RESOLVED,
        "closed": Status.CLOSED,
        "duplicate": Status.DUPLICATE,
        "wont_fix": Status.WONT_FIX,
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
        Status.DUPLICATE: "duplicate",
        Status.WONT_FIX: "wont_fix",
    },
)
"""Status Values."""

KIND = Vocabulary(
    "ticket_type",
    Kind,
    value_by_word={
        "bug": Kind.BUG,
        "feature_request": Kind.FEATURE_REQUEST,
        "improvement": Kind.IMPROVEMENT,
        "support": Kind.SUPPORT,
        "other": Kind.OTHER,
    },
    word_by_value={
        Kind.BUG: "bug",
        Kind.FEATURE_REQUEST: "feature_request",
        Kind.IMPROVEMENT: "improvement",
        Kind.SUPPORT: "support",
        Kind.INCIDENT: "other",
        Kind.REQUEST: "other",
        Kind.PROBLEM: "other",
        Kind.CHANGE: "other",
        Kind.OTHER: "other",
    },
)
"""Ticket Types Supported."""

PRIORITY = Vocabulary(
    "priority",
    Priority,
    value_by_word={
        "critical": Priority.CRITICAL,
        "high": Priority.HIGH,
        "medium": Priority.MEDIUM,
        "low": Priority.LOW,
    },
    word_by_value={
        Priority.CRITICAL: "critical",
        Priority.URGENT: "critical",
        Priority.HIGH: "high",
        Priority.MEDIUM: "medium",
        Priority.LOW: "low",
    },
)

SEVERITY = Vocabulary(
    "severity",
    Severity,
    value_by_word={str(word): word for word in Severity},
    word_by_value={word: str(word) for word in Severity},
)

REPRODUCTION_RATE = Vocabulary(
    "reproduction_rate",
    ReproductionRate,
    value_by_word={str(word): word for word in ReproductionRate},
    word_by_value={word: str(word) for word in ReproductionRate},
)

ATTACHMENT_TYPE = Vocabulary(
    "attachment_type",
    AttachmentType,
    value_by_word={str(word): word for word in AttachmentType},
    word_by_value={word: str(word) for word in AttachmentType},
)
"""Upload File Attachment."""

StatusValue = Literal[
    "open", "in_progress", "pending_user", "resolved", "closed", "duplicate", "wont_fix"
]
"""The guide's words for a status, as a type of responses."""

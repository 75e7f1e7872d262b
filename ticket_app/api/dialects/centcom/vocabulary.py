"""The guide's lists of words, as data."""

from __future__ import annotations

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
    hears={
        "open": Status.OPEN,
        "in_progress": Status.IN_PROGRESS,
        "pending_user": Status.PENDING_USER,
        "resolved": Status.RESOLVED,
        "closed": Status.CLOSED,
        "duplicate": Status.DUPLICATE,
        "wont_fix": Status.WONT_FIX,
    },
    says={
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
    hears={
        "bug": Kind.BUG,
        "feature_request": Kind.FEATURE_REQUEST,
        "improvement": Kind.IMPROVEMENT,
        "support": Kind.SUPPORT,
        "other": Kind.OTHER,
    },
    says={
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
    hears={
        "critical": Priority.CRITICAL,
        "high": Priority.HIGH,
        "medium": Priority.MEDIUM,
        "low": Priority.LOW,
    },
    says={
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
    hears={str(word): word for word in Severity},
    says={word: str(word) for word in Severity},
)

REPRODUCTION_RATE = Vocabulary(
    "reproduction_rate",
    ReproductionRate,
    hears={str(word): word for word in ReproductionRate},
    says={word: str(word) for word in ReproductionRate},
)

ATTACHMENT_TYPE = Vocabulary(
    "attachment_type",
    AttachmentType,
    hears={str(word): word for word in AttachmentType},
    says={word: str(word) for word in AttachmentType},
)
"""Upload File Attachment."""

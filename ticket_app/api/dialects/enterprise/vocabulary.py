"""The document's words (Ticket Model); what they are told as is shared with the webhooks."""

from __future__ import annotations

from ticket_app.api.kit.vocabulary import Vocabulary
from ticket_app.core.platform.vocabulary import Kind, Priority, Status
from ticket_app.core.webhooks import event_words

STATUS = Vocabulary(
    "status",
    Status,
    hears={
        "open": Status.OPEN,
        "in_progress": Status.IN_PROGRESS,
        "pending_approval": Status.PENDING_APPROVAL,
        "resolved": Status.RESOLVED,
        "closed": Status.CLOSED,
    },
    says=event_words.STATUS,
)
PRIORITY = Vocabulary(
    "priority",
    Priority,
    hears={
        "low": Priority.LOW,
        "medium": Priority.MEDIUM,
        "high": Priority.HIGH,
        "critical": Priority.CRITICAL,
    },
    says=event_words.PRIORITY,
)
KIND = Vocabulary(
    "ticket_type",
    Kind,
    hears={
        "incident": Kind.INCIDENT,
        "request": Kind.REQUEST,
        "problem": Kind.PROBLEM,
        "change": Kind.CHANGE,
    },
    says=event_words.KIND,
)

WORDS = {"status": STATUS, "priority": PRIORITY, "kind": KIND}
"""Which words each of the core's fields is told in."""

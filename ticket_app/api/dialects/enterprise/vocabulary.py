"""The document's vocabulary (Ticket Model), shared with the webhooks."""

from __future__ import annotations

from ticket_app.api.kit.vocabulary import Vocabulary
from ticket_app.core.platform.vocabulary import Kind, Priority, Status
from ticket_app.core.webhooks import event_vocabulary

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
    word_by_value=event_vocabulary.STATUS,
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
    word_by_value=event_vocabulary.PRIORITY,
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
    word_by_value=event_vocabulary.KIND,
)

VOCABULARIES = {"status": STATUS, "priority": PRIORITY, "kind": KIND}
"""The vocabulary of each core field."""

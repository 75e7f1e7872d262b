"""Ticket values in webhook payloads (specs/enterprise, "Ticket Model"), for each core value."""

from __future__ import annotations

from ticket_app.core.platform.vocabulary import Kind, Priority, Status

STATUS: dict[Status, str] = {
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
}
PRIORITY: dict[Priority, str] = {
    Priority.LOW: "low",
    Priority.MEDIUM: "medium",
    Priority.HIGH: "high",
    Priority.URGENT: "critical",
    Priority.CRITICAL: "critical",
}
KIND: dict[Kind, str] = {
    Kind.BUG: "problem",
    Kind.FEATURE_REQUEST: "change",
    Kind.IMPROVEMENT: "change",
    Kind.SUPPORT: "request",
    Kind.INCIDENT: "incident",
    Kind.REQUEST: "request",
    Kind.PROBLEM: "problem",
    Kind.CHANGE: "change",
    Kind.OTHER: "request",
}

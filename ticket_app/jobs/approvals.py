"""Approvals that nobody decided in time."""

from __future__ import annotations

from ticket_app.core.approvals import escalation as approval_escalation
from ticket_app.core.platform.unit_of_work import open_desk

EVERY_SECONDS = 30.0


def escalate() -> None:
    """Bring overdue steps to others, each in a transaction of its own."""
    with open_desk(writes=False) as desk:
        overdue = approval_escalation.overdue(desk)
    for row in overdue:
        with open_desk(writes=True) as desk:
            approval_escalation.escalate(desk, row.id, row.ticket_id)

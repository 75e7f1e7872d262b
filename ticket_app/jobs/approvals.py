"""Approvals that nobody decided in time."""

from __future__ import annotations

from ticket_app.core.approvals import escalation as approval_escalation
from ticket_app.core.platform.unit_of_work import open_unit_of_work

INTERVAL_SECONDS = 30.0


def escalate_overdue() -> None:
    """Bring overdue steps to others, each in a transaction of its own."""
    with open_unit_of_work(writes=False) as uow:
        overdue = approval_escalation.list_requests_to_escalate(uow)
    for row in overdue:
        with open_unit_of_work(writes=True) as uow:
            approval_escalation.escalate_request(uow, row.id, row.ticket_id)

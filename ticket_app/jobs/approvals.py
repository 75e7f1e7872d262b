"""Escalate approval steps whose deadline has passed."""

from __future__ import annotations

from ticket_app.core.approvals import escalation as approval_escalation
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.jobs.registry import runs_every

INTERVAL_SECONDS = 30.0


@runs_every(INTERVAL_SECONDS)
def escalate_overdue() -> None:
    """Escalate steps that are overdue or wait for an inactive approver, a transaction each."""
    with open_unit_of_work(writes=False) as uow:
        overdue = approval_escalation.list_requests_to_escalate(uow)
    for row in overdue:
        with open_unit_of_work(writes=True) as uow:
            approval_escalation.escalate_request(uow, row.id, row.ticket_id)

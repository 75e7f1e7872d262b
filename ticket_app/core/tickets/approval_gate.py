"""What opening a ticket and changing its status ask of approvals.

Approvals are built on top of tickets, so tickets cannot import them. `core.approvals.requests`
installs its functions here when it is imported (docs/decisions, "Approvals above tickets").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Status
from ticket_app.tables import Ticket


@dataclass(frozen=True, slots=True)
class ApprovalGate:
    """The functions of approvals that tickets call."""

    request_if_required: Callable[[UnitOfWork, Ticket], None]
    """Ask for the approval that a policy demands of a ticket that was just opened."""
    request: Callable[[UnitOfWork, Ticket], int]
    """Ask for approval, as choosing the status `pending_approval` does; returns the request's id.
    """
    ensure_approved_for: Callable[[UnitOfWork, Ticket, Status], None]
    """Raise `RuleViolation` if a policy demands approval before the ticket gets this status."""


_installed: list[ApprovalGate] = []


def install(gate: ApprovalGate) -> None:
    """Set the functions that tickets call; called once, when approvals are imported."""
    _installed[:] = [gate]


def get_approval_gate() -> ApprovalGate:
    """Return the installed functions. Raises `RuntimeError` if approvals were never imported."""
    if not _installed:
        raise RuntimeError("Import ticket_app.core.approvals.requests before changing tickets")
    return _installed[0]

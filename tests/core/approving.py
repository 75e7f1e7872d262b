"""Words for tests about approvals: who is asked, what is said, how it stands."""

from __future__ import annotations

from typing import Any

from tests.cast import UowFor
from ticket_app.core.approvals import listing as approval_listing
from ticket_app.core.approvals import policies as approval_policies
from ticket_app.core.approvals import requests as approval_requests
from ticket_app.core.approvals.approvers import ApproverSelection
from ticket_app.core.approvals.listing import PendingQuery
from ticket_app.core.approvals.policies import PolicyDraft, StepPlan
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import EntryKind
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.timeline import timeline


def asking(*people: Actor, **step: Any) -> StepPlan:
    """A step that asks people by name."""
    return StepPlan(ApproverSelection(person_ids=tuple(person.id for person in people)), **step)


def policy(uow_for: UowFor, admin: Actor, *steps: StepPlan, **values: Any) -> int:
    """A policy made by an admin; returns its id."""
    with uow_for(admin) as uow:
        return approval_policies.create_policy(
            uow, PolicyDraft(**{"name": "Costs"} | values, steps=steps)
        )


def put_before(uow_for: UowFor, by: Actor, ticket_id: int, **values: Any) -> int:
    """Asks for approval of a ticket; returns the request's id."""
    with uow_for(by) as uow:
        return approval_requests.request_approval(uow, lock_ticket(uow, ticket_id), **values)


def waiting_for(uow: UnitOfWork) -> list[int]:
    """The requests that wait for who is at the desk."""
    rows = approval_listing.list_pending(uow, PendingQuery(), PageRequest()).rows
    assert len(rows) == approval_listing.count_pending(uow, PendingQuery())
    return [row.id for row in rows]


def list_notices(uow: UnitOfWork, ticket_id: int) -> list[tuple[str | None, str]]:
    """The lines about approvals that who is at the desk may read: what, and for whom."""
    return [
        (line.field, line.audience)
        for line in timeline.list_entries(uow, ticket_id)
        if line.kind == EntryKind.APPROVAL
    ]

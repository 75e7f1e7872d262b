"""Words for tests about approvals: who is asked, what is said, how it stands."""

from __future__ import annotations

from typing import Any

from tests.cast import DeskFor
from ticket_app.core.approvals import listing as approval_listing
from ticket_app.core.approvals import policies as approval_policies
from ticket_app.core.approvals import requests as approval_requests
from ticket_app.core.approvals.approvers import Approvers
from ticket_app.core.approvals.listing import WaitingQuery
from ticket_app.core.approvals.policies import PolicyDraft, StepPlan
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.paging import Slice
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import EntryKind
from ticket_app.core.tickets.tickets import hold
from ticket_app.core.timeline import timeline


def asking(*people: Actor, **step: Any) -> StepPlan:
    """A step that asks people by name."""
    return StepPlan(Approvers(people=tuple(person.id for person in people)), **step)


def policy(desk_for: DeskFor, admin: Actor, *steps: StepPlan, **told: Any) -> int:
    """A policy made by an admin; returns its id."""
    with desk_for(admin) as desk:
        return approval_policies.add(desk, PolicyDraft(**{"name": "Costs"} | told, steps=steps))


def put_before(desk_for: DeskFor, by: Actor, ticket_id: int, **told: Any) -> int:
    """Asks for approval of a ticket; returns the request's id."""
    with desk_for(by) as desk:
        return approval_requests.request(desk, hold(desk, ticket_id), **told)


def waiting_for(desk: Desk) -> list[int]:
    """The requests that wait for who is at the desk."""
    rows = approval_listing.waiting(desk, WaitingQuery(), Slice()).rows
    assert len(rows) == approval_listing.count(desk, WaitingQuery())
    return [row.id for row in rows]


def told_of(desk: Desk, ticket_id: int) -> list[tuple[str, str]]:
    """The lines about approvals that who is at the desk may read: what, and for whom."""
    return [
        (line.field, line.audience)
        for line in timeline.lines(desk, ticket_id)
        if line.kind == EntryKind.APPROVAL
    ]

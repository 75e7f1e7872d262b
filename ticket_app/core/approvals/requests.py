"""Approvals: a ticket waits until those asked have decided (specs/enterprise, "Approvals").

A request runs through its steps one after another; a step asks several people at once. All is done
under the lock of the ticket, so that two decisions at once end as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select

from ticket_app.core.approvals import approvers, cases
from ticket_app.core.approvals import policies as approval_policies
from ticket_app.core.approvals.approvers import MANAGERS, Approvers
from ticket_app.core.approvals.cases import Case
from ticket_app.core.approvals.listing import of_ticket
from ticket_app.core.approvals.policies import StepPlan
from ticket_app.core.platform import text
from ticket_app.core.platform.errors import Invalid, RuleBroken
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import ApprovalEvent, ApprovalState, Audience, Status
from ticket_app.core.tickets import tickets, transitions
from ticket_app.core.tickets.allowed_actions import Action, check
from ticket_app.core.tickets.approval_gate import ApprovalGate, install
from ticket_app.core.tickets.transitions import BEHIND_APPROVAL, UNFINISHED, Cause
from ticket_app.tables import ApprovalRequest, ApprovalStep, Ticket, approval_request_table

__all__ = ["check_gate", "demand", "inform", "of_ticket", "request", "statuses_to_choose"]

LONGEST_REASON = 10_000


def request(
    desk: Desk,
    ticket: Ticket,
    *,
    reason: str | None = None,
    policy_id: int | None = None,
    approver_ids: Sequence[int] = (),
) -> int:
    """Put a ticket before approvers; only a decision lets it go on. Returns the request's id.

    By the policy named, or the people named, or the policy that fits the ticket, or else the
    manager of its department (without one: the managers). Raises `Forbidden`, `Invalid`,
    `RuleBroken` for a finished ticket or where nobody can be asked, `Conflict` where one waits.
    """
    desk.actor.must("work_tickets", "ask for approval")
    tickets.must_go_on_here(desk, ticket)
    check(Action.REQUEST_APPROVAL, ticket, desk.actor, desk.now)
    said = text.optional_text("reason", reason, LONGEST_REASON)
    policy, plans = _planned(desk, ticket, policy_id, approver_ids)
    case = _begin(desk, ticket, policy, plans, said or None)
    if not case.asks:
        raise RuleBroken(
            "Only the people who want this approved could approve it, so no one can be asked"
        )
    assert case.request.id is not None
    return case.request.id


def _planned(
    desk: Desk, ticket: Ticket, policy_id: int | None, approver_ids: Sequence[int]
) -> tuple[Any, list[StepPlan]]:
    if approver_ids:
        if policy_id is not None:
            raise Invalid("approver_ids", "cannot be named beside a policy")
        named = approvers.check(desk, "approver_ids", Approvers(people=tuple(approver_ids)))
        return None, [StepPlan(named, "Approval")]
    if policy_id is not None:
        policy = approval_policies.usable(desk, policy_id)
    else:
        policy = approval_policies.matching(desk, ticket)
    if policy is not None:
        return policy, [StepPlan.of(step) for step in policy.steps]
    manager = Approvers(department_manager=True)
    barred = {ticket.requester_id, desk.actor.id}
    can_ask = approvers.find(desk, manager, department_id=ticket.department_id, besides=barred)
    return None, [StepPlan(manager if can_ask else MANAGERS, "Approval")]


def demand(desk: Desk, ticket: Ticket) -> None:
    """Put a ticket that was just filed before approvers, if a policy says so and it is open."""
    if Status(ticket.status) not in UNFINISHED:
        return
    policy = approval_policies.matching(desk, ticket)
    if policy is not None:
        _begin(desk, ticket, policy, [StepPlan.of(step) for step in policy.steps], None)


def check_gate(desk: Desk, ticket: Ticket, status: Status) -> None:
    """Raise `RuleBroken` if a policy demands approval before the ticket gets this status."""
    policy = _unmet_policy(desk, ticket) if status in BEHIND_APPROVAL else None
    if policy is not None:
        raise RuleBroken(f"This needs approval first ({policy.name})")


def statuses_to_choose(desk: Desk, ticket: Any) -> list[Status]:
    """Return the statuses the actor may choose for a ticket now: by the transition table, and
    without those that a policy demands approval for.
    """
    found = transitions.choices(ticket, desk.actor, desk.now)
    if BEHIND_APPROVAL.isdisjoint(found) or _unmet_policy(desk, ticket) is None:
        return found
    return [status for status in found if status not in BEHIND_APPROVAL]


def _unmet_policy(desk: Desk, ticket: Any) -> Any:
    """Return the policy that demands an approval which the ticket does not have, or None."""
    policy = approval_policies.matching(desk, ticket)
    if policy is None:
        return None
    values = {"ticket_id": ticket.id, "policy_id": policy.id}
    return policy if desk.db.execute(_APPROVED, values).first() is None else None


_APPROVED = select(approval_request_table.c.id).where(
    approval_request_table.c.ticket_id == bindparam("ticket_id"),
    approval_request_table.c.policy_id == bindparam("policy_id"),
    approval_request_table.c.state == ApprovalState.APPROVED,
)


def _begin(
    desk: Desk, ticket: Ticket, policy: Any, plans: Sequence[StepPlan], reason: str | None
) -> Case:
    assert ticket.id is not None
    wanted = ApprovalRequest(
        ticket_id=ticket.id,
        policy_id=policy and policy.id,
        policy_name=policy and policy.name,
        allows_own=bool(policy and policy.allows_own),
        requested_by_id=desk.actor.id,
        state=ApprovalState.PENDING,
        status_before=ticket.status,
        reason=reason,
        created_at=desk.now,
    )
    desk.session.add(wanted)
    desk.settle()
    assert wanted.id is not None
    steps = [
        ApprovalStep(request_id=wanted.id, ordinal=n, state=ApprovalState.WAITING, **plan.kept())
        for n, plan in enumerate(plans, start=1)
    ]
    desk.session.add_all(steps)
    desk.settle()
    case = Case(ticket, wanted, steps, [])
    cases.record(desk, case, ApprovalEvent.REQUESTED, audience=Audience.PUBLIC)
    tickets.move(desk, ticket, Status.PENDING_APPROVAL, Cause.APPROVAL_REQUEST)
    cases.start(desk, case, steps[0], reason)
    desk.settle()
    return case


def inform(desk: Desk, ticket: Ticket) -> None:
    """Somebody has said something on a ticket that waits: if it answers what was asked back, the
    approvers are asked again.
    """
    if ticket.status != Status.PENDING_APPROVAL:
        return
    case = cases.undecided(desk, ticket)
    if case is None or case.request.state != ApprovalState.INFO_REQUESTED:
        return
    if desk.actor.id not in (ticket.requester_id, case.request.requested_by_id):
        return
    cases.resume(desk, case)
    line = cases.record(desk, case, ApprovalEvent.INFO_GIVEN, audience=Audience.PUBLIC)
    waiting = [ask.person_id for ask in case.asks if ask.state == ApprovalState.PENDING]
    cases.tell_each(desk, case, waiting, "What you asked before approving is answered", line)
    desk.settle()


install(ApprovalGate(demand, request, check_gate))

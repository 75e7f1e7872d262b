"""Request approval of a ticket, by hand or as a policy demands (specs/enterprise, "Approvals").

A request goes through its steps in order; a step asks several people at once. Everything happens
under the lock of the ticket, so that decisions are made one after another.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from ticket_app.core.approvals import approval_process, approvers
from ticket_app.core.approvals import policies as approval_policies
from ticket_app.core.approvals.approval_process import ApprovalProcess
from ticket_app.core.approvals.approvers import MANAGERS, ApproverSelection
from ticket_app.core.approvals.listing import list_ticket_requests
from ticket_app.core.approvals.policies import StepPlan
from ticket_app.core.platform import validators
from ticket_app.core.platform.errors import Invalid, RuleViolation
from ticket_app.core.platform.ticket_status import is_awaiting_approval
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import ApprovalEvent, ApprovalState, Audience, Status
from ticket_app.core.tickets import locking, status_changes, transitions
from ticket_app.core.tickets.allowed_actions import Action, ensure_allowed
from ticket_app.core.tickets.approval_gate import ApprovalGate, install
from ticket_app.core.tickets.transitions import (
    APPROVAL_STATUS,
    STATUSES_REQUIRING_APPROVAL,
    UNFINISHED_STATUSES,
    Cause,
)
from ticket_app.tables import (
    ApprovalPolicy,
    ApprovalRequest,
    ApprovalStep,
    Ticket,
    approval_request_table,
)

__all__ = [
    "ensure_approved_for",
    "list_available_statuses",
    "list_ticket_requests",
    "request_approval",
    "request_if_required",
    "resume_if_answered",
]

MAX_REASON_LENGTH = 10_000


def request_approval(
    uow: UnitOfWork,
    ticket: Ticket,
    *,
    reason: str | None = None,
    policy_id: int | None = None,
    approver_ids: Sequence[int] = (),
) -> int:
    """Request approval of a ticket, which then waits for the decision; return the request's id.

    The approvers are those of the given policy, or the given people, or those of the policy that
    matches the ticket, or else the manager of its department (without one: all managers). Raises
    `Forbidden`, `Invalid`, `RuleViolation` for a finished ticket or if no one can be asked,
    `Conflict` if a request is open already.
    """
    uow.actor.require("work_tickets", "request approval")
    locking.ensure_not_merged(uow, ticket)
    ensure_allowed(Action.REQUEST_APPROVAL, ticket, uow.actor, uow.now)
    clean_reason = validators.optional_text("reason", reason, MAX_REASON_LENGTH)
    policy, step_plans = _plan_steps(uow, ticket, policy_id, approver_ids)
    process = _create_request(uow, ticket, policy, step_plans, clean_reason or None)
    if not process.decisions:
        raise RuleViolation(
            "There is no one who could approve this besides the people who asked for it"
        )
    assert process.request.id is not None
    return process.request.id


def _plan_steps(
    uow: UnitOfWork, ticket: Ticket, policy_id: int | None, approver_ids: Sequence[int]
) -> tuple[ApprovalPolicy | None, list[StepPlan]]:
    if approver_ids:
        if policy_id is not None:
            raise Invalid("approver_ids", "cannot be combined with a policy")
        selection = approvers.validate_approvers(
            uow, "approver_ids", ApproverSelection(person_ids=tuple(approver_ids))
        )
        return None, [StepPlan(selection, "Approval")]
    if policy_id is not None:
        policy = approval_policies.get_active_policy(uow, policy_id)
    else:
        policy = approval_policies.find_matching_policy(uow, ticket)
    if policy is not None:
        return policy, [StepPlan.from_json(step) for step in policy.steps]
    manager = ApproverSelection(includes_department_manager=True)
    excluded_ids = {ticket.requester_id, uow.actor.id}
    candidates = approvers.find_approvers(
        uow, manager, department_id=ticket.department_id, excluded_ids=excluded_ids
    )
    return None, [StepPlan(manager if candidates else MANAGERS, "Approval")]


def request_if_required(uow: UnitOfWork, ticket: Ticket) -> None:
    """Request approval of a new ticket if it is unfinished and a policy demands approval."""
    if Status(ticket.status) not in UNFINISHED_STATUSES:
        return
    policy = approval_policies.find_matching_policy(uow, ticket)
    if policy is not None:
        _create_request(
            uow, ticket, policy, [StepPlan.from_json(step) for step in policy.steps], None
        )


def ensure_approved_for(uow: UnitOfWork, ticket: Ticket, status: Status) -> None:
    """Raise `RuleViolation` if the ticket needs an approval before it may get this status."""
    policy = _find_unmet_policy(uow, ticket) if status in STATUSES_REQUIRING_APPROVAL else None
    if policy is not None:
        raise RuleViolation(f"This ticket needs an approval first ({policy.name})")


def list_available_statuses(uow: UnitOfWork, ticket: Ticket) -> list[Status]:
    """Return the statuses the actor may choose for a ticket now.

    These are the statuses of the transition table without those that need an approval first.
    """
    statuses = transitions.selectable_statuses(ticket, uow.actor, uow.now)
    if STATUSES_REQUIRING_APPROVAL.isdisjoint(statuses) or _find_unmet_policy(uow, ticket) is None:
        return statuses
    return [status for status in statuses if status not in STATUSES_REQUIRING_APPROVAL]


def _find_unmet_policy(uow: UnitOfWork, ticket: Ticket) -> ApprovalPolicy | None:
    """Return the policy that demands an approval which the ticket does not have, or None."""
    policy = approval_policies.find_matching_policy(uow, ticket)
    if policy is None:
        return None
    values = {"ticket_id": ticket.id, "policy_id": policy.id}
    return (
        policy if uow.connection.execute(_SELECT_APPROVED_REQUEST, values).first() is None else None
    )


_SELECT_APPROVED_REQUEST = select(approval_request_table.c.id).where(
    approval_request_table.c.ticket_id == bindparam("ticket_id"),
    approval_request_table.c.policy_id == bindparam("policy_id"),
    approval_request_table.c.state == ApprovalState.APPROVED,
)


def _create_request(
    uow: UnitOfWork,
    ticket: Ticket,
    policy: ApprovalPolicy | None,
    step_plans: Sequence[StepPlan],
    reason: str | None,
) -> ApprovalProcess:
    assert ticket.id is not None
    new_request = ApprovalRequest(
        ticket_id=ticket.id,
        policy_id=policy and policy.id,
        policy_name=policy and policy.name,
        allows_own=bool(policy and policy.allows_own),
        requested_by_id=uow.actor.id,
        state=ApprovalState.PENDING,
        previous_status=ticket.status,
        reason=reason,
        created_at=uow.now,
    )
    uow.session.add(new_request)
    uow.flush()
    assert new_request.id is not None
    steps = [
        ApprovalStep(
            request_id=new_request.id, ordinal=n, state=ApprovalState.WAITING, **plan.to_json()
        )
        for n, plan in enumerate(step_plans, start=1)
    ]
    uow.session.add_all(steps)
    uow.flush()
    process = ApprovalProcess(ticket, new_request, steps, [])
    approval_process.record_event(uow, process, ApprovalEvent.REQUESTED, audience=Audience.PUBLIC)
    status_changes.transition(uow, ticket, APPROVAL_STATUS, Cause.APPROVAL_REQUEST)
    approval_process.start_step_and_ask_approvers(uow, process, steps[0], reason)
    uow.flush()
    return process


def resume_if_answered(uow: UnitOfWork, ticket: Ticket) -> None:
    """Continue an approval that waits for information, if the actor's comment provides it."""
    if not is_awaiting_approval(ticket):
        return
    process = approval_process.find_open_process(uow, ticket)
    if process is None or process.request.state != ApprovalState.INFO_REQUESTED:
        return
    if uow.actor.id not in (ticket.requester_id, process.request.requested_by_id):
        return
    approval_process.resume_process(uow, process)
    entry_id = approval_process.record_event(
        uow, process, ApprovalEvent.INFO_GIVEN, audience=Audience.PUBLIC
    )
    pending_ids = [
        decision.person_id
        for decision in process.decisions
        if decision.state == ApprovalState.PENDING
    ]
    approval_process.notify_each(
        uow, process, pending_ids, "The information you asked for was provided", entry_id
    )
    uow.flush()


install(ApprovalGate(request_if_required, request_approval, ensure_approved_for))

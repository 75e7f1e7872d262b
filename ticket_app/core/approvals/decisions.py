"""Decide on approval requests, one or several at a time (specs/enterprise, "Approvals")."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from ticket_app.core.approvals import approval_process, approvers
from ticket_app.core.approvals.approval_process import ApprovalProcess
from ticket_app.core.approvals.approvers import ApproverSelection
from ticket_app.core.notifications.notifications import mark_approval_requests_read
from ticket_app.core.platform import validators
from ticket_app.core.platform.access_policy import visibility_condition, visibility_parameters
from ticket_app.core.platform.errors import (
    REQUIRED,
    DomainError,
    Forbidden,
    Invalid,
    NotFound,
    RuleViolation,
    too_many,
)
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import (
    ApprovalAction,
    ApprovalEvent,
    ApprovalState,
    Audience,
)
from ticket_app.core.tickets import counters, locking
from ticket_app.tables import ApprovalDecision, ApprovalStep, approval_request_table, ticket_table

MAX_CONDITIONS = 20
MAX_CONDITION_LENGTH = 500
MAX_COMMENTS_LENGTH = 10_000
MAX_BULK_REQUESTS = 100
_ACTIONS_THAT_NEED_COMMENTS = {
    ApprovalAction.REJECT: "reject",
    ApprovalAction.REQUEST_INFO: "request information",
}


@dataclass(frozen=True, slots=True)
class DecisionInput:
    """The validated input of an approver's action."""

    action: ApprovalAction
    comments: str | None = None
    conditions: tuple[str, ...] = ()
    delegate_to_id: int | None = None


@dataclass(frozen=True, slots=True)
class BulkActionResult:
    """The result for one of several requests: its new state, or the error."""

    request_id: int
    state: str | None = None
    error: DomainError | None = None


def perform_action(
    uow: UnitOfWork,
    request_id: int,
    action: ApprovalAction,
    *,
    comments: str | None = None,
    conditions: Sequence[str] = (),
    delegate_to_id: int | None = None,
) -> None:
    """Approve, reject, delegate or request information (specs/enterprise, "Process Approval").

    Raises `NotFound`, `Forbidden` if the actor is not an approver, `Invalid`, `RuleViolation` if
    the request is decided.
    """
    decision_input = _validate_input(action, comments, conditions, delegate_to_id)
    _perform(uow, _lock_process(uow, request_id), decision_input)


def perform_bulk_action(
    uow: UnitOfWork,
    request_ids: Sequence[int],
    action: ApprovalAction,
    *,
    comments: str | None = None,
    conditions: Sequence[str] = (),
    delegate_to_id: int | None = None,
    seen_versions: Mapping[int, int] | None = None,
) -> list[BulkActionResult]:
    """Perform the same action on several requests (specs/enterprise, "Bulk Approval Operations").

    `seen_versions` maps each request to the version of its ticket that the actor saw; one whose
    ticket has changed since fails. Returns a result for each request, in the given order. Raises
    `Invalid` if the action is invalid for all of them.
    """
    decision_input = _validate_input(action, comments, conditions, delegate_to_id)
    unique_ids = list(dict.fromkeys(request_ids))
    if not 1 <= len(unique_ids) <= MAX_BULK_REQUESTS:
        raise Invalid("approval_ids", f"must name 1 to {MAX_BULK_REQUESTS} approvals")
    _lock_tickets(uow, unique_ids)
    results: list[BulkActionResult] = []
    with counters.defer_moves(uow) as moves:
        for request_id in unique_ids:
            moves_before = len(moves)
            try:
                with uow.session.begin_nested():
                    process = _lock_process(uow, request_id)
                    if seen_versions is not None:
                        ticket = process.ticket
                        locking.ensure_version(
                            uow, ticket, seen_versions[request_id], ticket.assignee_id
                        )
                    _perform(uow, process, decision_input)
            except DomainError as error:
                del moves[moves_before:]
                results.append(BulkActionResult(request_id, error=error))
            else:
                results.append(BulkActionResult(request_id, process.request.state))
    return results


def cancel_request(uow: UnitOfWork, request_id: int) -> None:
    """Cancel an approval request; the ticket gets its earlier status back.

    The person who asked for it may do that, and admins. Raises `NotFound`, `Forbidden`,
    `RuleViolation` if the request is decided.
    """
    process = _lock_process(uow, request_id)
    if process.request.requested_by_id != uow.actor.id:
        uow.actor.require("set_up", "cancel approval requests of other people")
    _ensure_open(process)
    entry_id = approval_process.record_event(
        uow,
        process,
        ApprovalEvent.CANCELLED,
        audience=Audience.PUBLIC,
        new_value=ApprovalState.CANCELLED,
    )
    pending_ids = [
        decision.person_id
        for decision in process.decisions
        if decision.state == ApprovalState.PENDING
    ]
    approval_process.end_process(uow, process, ApprovalState.CANCELLED)
    approval_process.notify_each(
        uow, process, pending_ids, "Your approval is no longer needed", entry_id
    )


def _validate_input(
    action: ApprovalAction,
    comments: str | None,
    conditions: Sequence[str],
    delegate_to_id: int | None,
) -> DecisionInput:
    clean_comments = validators.optional_text("comments", comments, MAX_COMMENTS_LENGTH)
    clean_comments = clean_comments if clean_comments and clean_comments.strip() else None
    if clean_comments is None and action in _ACTIONS_THAT_NEED_COMMENTS:
        raise Invalid("comments", f"is required to {_ACTIONS_THAT_NEED_COMMENTS[action]}")
    if conditions and action is not ApprovalAction.APPROVE:
        raise Invalid("conditions", "can be set only when you approve")
    if len(conditions) > MAX_CONDITIONS:
        raise Invalid("conditions", too_many(MAX_CONDITIONS))
    if action is ApprovalAction.DELEGATE and delegate_to_id is None:
        raise Invalid("delegate_to_id", REQUIRED)
    if action is not ApprovalAction.DELEGATE and delegate_to_id is not None:
        raise Invalid("delegate_to_id", "can be set only when you delegate")
    clean_conditions = tuple(
        validators.required_line(f"conditions.{n}", condition, MAX_CONDITION_LENGTH)
        for n, condition in enumerate(conditions)
    )
    return DecisionInput(action, clean_comments, clean_conditions, delegate_to_id)


_REQUEST_TICKET_JOIN = approval_request_table.join(
    ticket_table, ticket_table.c.id == approval_request_table.c.ticket_id
)
_SELECT_TICKET_ID = (
    select(approval_request_table.c.ticket_id)
    .select_from(_REQUEST_TICKET_JOIN)
    .where(approval_request_table.c.id == bindparam("request_id"))
)
_LOCK_TICKETS = (
    select(ticket_table.c.id)
    .where(
        ticket_table.c.id.in_(
            select(approval_request_table.c.ticket_id).where(
                approval_request_table.c.id.in_(bindparam("ids", expanding=True))
            )
        )
    )
    .order_by(ticket_table.c.id)
    .with_for_update()
)


def _lock_tickets(uow: UnitOfWork, request_ids: Sequence[int]) -> None:
    """Lock all tickets in the order of their ids, so that two transactions cannot deadlock."""
    statement = _LOCK_TICKETS.where(visibility_condition(uow.actor))
    uow.connection.execute(
        statement, {"ids": request_ids, **visibility_parameters(uow.actor)}
    ).all()


def _lock_process(uow: UnitOfWork, request_id: int) -> ApprovalProcess:
    statement = _SELECT_TICKET_ID.where(visibility_condition(uow.actor))
    row = uow.connection.execute(
        statement, {"request_id": request_id, **visibility_parameters(uow.actor)}
    ).first()
    if row is None:
        raise NotFound("Approval")
    return approval_process.load_process(uow, locking.lock_ticket(uow, row.ticket_id), request_id)


def _ensure_open(process: ApprovalProcess) -> None:
    if not process.is_open:
        raise RuleViolation(f"This approval request is already {process.request.state}")


def _get_own_decision(
    uow: UnitOfWork, process: ApprovalProcess
) -> tuple[ApprovalStep, ApprovalDecision]:
    """Return the current step and the actor's pending decision in it.

    Raises `Forbidden`, `RuleViolation`.
    """
    actor = uow.actor
    own_decisions = [decision for decision in process.decisions if decision.person_id == actor.id]
    if actor.id in process.excluded_ids:
        raise Forbidden("You cannot decide on your own request")
    if not own_decisions:
        raise Forbidden("You are not an approver of this request")
    if not approvers.can_decide(actor):
        raise Forbidden("You are not allowed to decide on approval requests")
    _ensure_open(process)
    step = process.current_step
    decision = next(
        (decision for decision in own_decisions if step and decision.step_id == step.id), None
    )
    if step is None or decision is None or decision.state != ApprovalState.PENDING:
        done = "delegated" if own_decisions[-1].state == ApprovalState.DELEGATED else "decided on"
        raise RuleViolation(f"You have already {done} this approval request")
    return step, decision


def _perform(uow: UnitOfWork, process: ApprovalProcess, decision_input: DecisionInput) -> None:
    step, decision = _get_own_decision(uow, process)
    mark_approval_requests_read(uow, process.request.ticket_id, [uow.actor.id])
    ACTION_HANDLERS[decision_input.action](uow, process, step, decision, decision_input)
    if process.is_open:
        locking.mark_changed(uow, process.ticket)
    uow.flush()


def _approve_or_reject(
    uow: UnitOfWork,
    process: ApprovalProcess,
    step: ApprovalStep,
    decision: ApprovalDecision,
    decision_input: DecisionInput,
) -> None:
    is_approval = decision_input.action is ApprovalAction.APPROVE
    decision.state = ApprovalState.APPROVED if is_approval else ApprovalState.REJECTED
    decision.comments, decision.conditions, decision.decided_at = (
        decision_input.comments,
        list(decision_input.conditions),
        uow.now,
    )
    approval_process.resume_process(uow, process)
    outcome = approval_process.compute_outcome(step, process.decisions_of_step(step))
    if outcome is not ApprovalState.PENDING:
        approval_process.close_step(uow, process, step, outcome)
    next_step = next(
        (candidate for candidate in process.steps if candidate.state == ApprovalState.WAITING), None
    )
    if outcome is ApprovalState.REJECTED or (outcome is ApprovalState.APPROVED and not next_step):
        _finish_request(uow, process, outcome, decision_input)
        return
    event = ApprovalEvent.APPROVED if is_approval else ApprovalEvent.REJECTED
    body = (
        "\n\n".join(
            filter(None, (decision_input.comments, _format_conditions(decision_input.conditions)))
        )
        or None
    )
    approval_process.record_event(
        uow,
        process,
        event,
        audience=Audience.INTERNAL,
        old_value=step.name,
        new_value=process.request.state,
        body=body,
    )
    if outcome is ApprovalState.APPROVED and next_step:
        approval_process.start_step(uow, process, next_step)


def _finish_request(
    uow: UnitOfWork, process: ApprovalProcess, state: ApprovalState, decision_input: DecisionInput
) -> None:
    """Add the final decision to the timeline and end the process.

    The requester reads the comments of a rejection and the conditions of an approval; the comments
    of an approval are internal.
    """
    if state is ApprovalState.APPROVED:
        approved = [
            decision for decision in process.decisions if decision.state == ApprovalState.APPROVED
        ]
        body = _format_conditions(
            [condition for decision in approved for condition in decision.conditions]
        )
        event, message = ApprovalEvent.APPROVED, "Approved"
        if decision_input.comments:
            approval_process.record_event(
                uow,
                process,
                ApprovalEvent.REMARK,
                audience=Audience.INTERNAL,
                body=decision_input.comments,
            )
    else:
        body, event, message = decision_input.comments, ApprovalEvent.REJECTED, "Not approved"
    entry_id = approval_process.record_event(
        uow,
        process,
        event,
        audience=Audience.PUBLIC,
        old_value="pending",
        new_value=state,
        body=body,
    )
    approval_process.end_process(uow, process, state)
    ticket = process.ticket
    recipient_ids = (ticket.requester_id, process.request.requested_by_id, ticket.assignee_id)
    approval_process.notify_each(uow, process, recipient_ids, message, entry_id)


def _format_conditions(conditions: Sequence[str]) -> str | None:
    return "\n".join(f"- {condition}" for condition in dict.fromkeys(conditions)) or None


def _delegate(
    uow: UnitOfWork,
    process: ApprovalProcess,
    step: ApprovalStep,
    decision: ApprovalDecision,
    decision_input: DecisionInput,
) -> None:
    assert decision_input.delegate_to_id is not None
    delegate_id = decision_input.delegate_to_id
    if delegate_id in process.excluded_ids:
        raise Invalid("delegate_to_id", "must not be the person who asked for the approval")
    if any(other.person_id == delegate_id for other in process.decisions_of_step(step)):
        raise Invalid("delegate_to_id", "must be a user who has not been asked yet")
    delegates = approvers.find_approvers(
        uow, ApproverSelection(person_ids=(delegate_id,)), department_id=None
    )
    if not delegates:
        raise Invalid("delegate_to_id", "must be a user who can decide on approval requests")
    decision.state, decision.comments, decision.decided_at = (
        ApprovalState.DELEGATED,
        decision_input.comments,
        uow.now,
    )
    approval_process.add_approvers(
        uow,
        process,
        step,
        [delegate_id],
        delegated_by_id=uow.actor.id,
        is_escalation=decision.is_escalation,
    )
    entry_id = approval_process.record_event(
        uow,
        process,
        ApprovalEvent.DELEGATED,
        audience=Audience.INTERNAL,
        old_value=uow.actor.full_name,
        new_value=approval_process.format_names(delegates),
        body=decision_input.comments,
    )
    approval_process.notify_each(
        uow, process, [delegate_id], "An approval was delegated to you", entry_id
    )


def _request_info(
    uow: UnitOfWork,
    process: ApprovalProcess,
    step: ApprovalStep,
    _decision: ApprovalDecision,
    decision_input: DecisionInput,
) -> None:
    request = process.request
    if request.state == ApprovalState.INFO_REQUESTED:
        raise RuleViolation("Information has already been requested")
    request.state = step.state = ApprovalState.INFO_REQUESTED
    request.question = decision_input.comments
    request.info_requested_by_id, request.info_requested_at = uow.actor.id, uow.now
    entry_id = approval_process.record_event(
        uow,
        process,
        ApprovalEvent.INFO_REQUESTED,
        audience=Audience.PUBLIC,
        new_value=ApprovalState.INFO_REQUESTED,
        body=decision_input.comments,
    )
    recipient_ids = (process.ticket.requester_id, request.requested_by_id)
    approval_process.notify_each(
        uow, process, recipient_ids, "Information is needed before this can be approved", entry_id
    )


ACTION_HANDLERS: dict[
    ApprovalAction,
    Callable[[UnitOfWork, ApprovalProcess, ApprovalStep, ApprovalDecision, DecisionInput], None],
] = {
    ApprovalAction.APPROVE: _approve_or_reject,
    ApprovalAction.REJECT: _approve_or_reject,
    ApprovalAction.DELEGATE: _delegate,
    ApprovalAction.REQUEST_INFO: _request_info,
}
"""The function that performs each action."""

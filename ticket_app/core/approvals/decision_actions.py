"""What an approver can do: approve, reject, delegate or request information."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ticket_app.core.approvals import approval_process, approvers
from ticket_app.core.approvals.approval_process import ApprovalProcess
from ticket_app.core.approvals.approvers import ApproverSelection
from ticket_app.core.notifications.kinds import NotificationKind
from ticket_app.core.platform import validators
from ticket_app.core.platform.errors import (
    REQUIRED,
    Invalid,
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
from ticket_app.tables import ApprovalDecision, ApprovalStep

MAX_CONDITIONS = 20
MAX_CONDITION_LENGTH = 500
MAX_COMMENTS_LENGTH = 10_000
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


def validate_input(
    action: ApprovalAction,
    comments: str | None,
    conditions: Sequence[str],
    delegate_to_id: int | None,
) -> DecisionInput:
    """Return the input of an action with its texts cleaned. Raises `Invalid`."""
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
        approval_process.start_step_and_ask_approvers(uow, process, next_step)


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
    approval_process.notify_each(
        uow, process, recipient_ids, message, entry_id, NotificationKind.APPROVAL_DECIDED
    )


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
        new_value=approval_process.summarize_names(delegates),
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

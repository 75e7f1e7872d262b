"""Decide on approval requests, one or several at a time (specs/enterprise, "Approvals")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from ticket_app.core.approvals import approval_process, approvers
from ticket_app.core.approvals.approval_process import ApprovalProcess
from ticket_app.core.approvals.decision_actions import (
    ACTION_HANDLERS,
    DecisionInput,
    validate_input,
)
from ticket_app.core.notifications.notifications import mark_approval_requests_read
from ticket_app.core.platform.access_policy import visibility_condition, visibility_parameters
from ticket_app.core.platform.errors import (
    DomainError,
    Forbidden,
    Invalid,
    NotFound,
    RuleViolation,
)
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import (
    ApprovalAction,
    ApprovalEvent,
    ApprovalState,
    Audience,
)
from ticket_app.core.tickets import counters, locking
from ticket_app.core.tickets.changing import changing
from ticket_app.tables import ApprovalDecision, ApprovalStep, approval_request_table, ticket_table

MAX_BULK_REQUESTS = 100


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
    decision_input = validate_input(action, comments, conditions, delegate_to_id)
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
    decision_input = validate_input(action, comments, conditions, delegate_to_id)
    unique_ids = list(dict.fromkeys(request_ids))
    if not 1 <= len(unique_ids) <= MAX_BULK_REQUESTS:
        raise Invalid("approval_ids", f"must name 1 to {MAX_BULK_REQUESTS} approvals")
    _lock_tickets(uow, unique_ids)
    results: list[BulkActionResult] = []
    with counters.defer_moves(uow) as moves:
        for request_id in unique_ids:
            moves_before = len(moves)
            try:
                with uow.savepoint():
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
    if not approvers.can_decide_when_asked(actor):
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
    with changing(uow, process.ticket):
        mark_approval_requests_read(uow, process.request.ticket_id, [uow.actor.id])
        ACTION_HANDLERS[decision_input.action](uow, process, step, decision, decision_input)

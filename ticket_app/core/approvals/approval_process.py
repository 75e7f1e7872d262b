"""The process of an approval request: start and close its steps, add approvers, end it.

The ticket must be locked. The use cases are in `requests`, `decisions` and `escalation`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam
from sqlmodel import select as select_rows

from ticket_app.core.approvals import approvers
from ticket_app.core.approvals.approvers import ADMINS, ApproverSelection
from ticket_app.core.approvals.policies import QUORUM_ALL, QUORUM_ANY
from ticket_app.core.notifications.kinds import NotificationKind
from ticket_app.core.notifications.notifications import mark_approval_requests_read, notify
from ticket_app.core.people.rows import ActorRow
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import (
    ApprovalEvent,
    ApprovalState,
    Audience,
    EntryKind,
    Status,
)
from ticket_app.core.tickets import status_changes
from ticket_app.core.tickets.transitions import (
    ASSIGNED_STATUS,
    INITIAL_STATUS,
    REJECTED_STATUS,
    Cause,
)
from ticket_app.core.timeline import timeline
from ticket_app.tables import (
    ApprovalDecision,
    ApprovalRequest,
    ApprovalStep,
    Ticket,
    approval_decision_table,
    approval_request_table,
    approval_step_table,
)

MAX_LISTED_NAMES = 10
OPEN_STATES = frozenset({ApprovalState.PENDING, ApprovalState.INFO_REQUESTED})


@dataclass(slots=True)
class ApprovalProcess:
    """An approval request of a locked ticket, with its steps in order and its decisions."""

    ticket: Ticket
    request: ApprovalRequest
    steps: list[ApprovalStep]
    decisions: list[ApprovalDecision]

    @property
    def is_open(self) -> bool:
        """Whether the request is still open."""
        return self.request.state in OPEN_STATES

    @property
    def current_step(self) -> ApprovalStep | None:
        """The step that is being decided, or None."""
        return next((candidate for candidate in self.steps if candidate.state in OPEN_STATES), None)

    @property
    def excluded_ids(self) -> set[int]:
        """The people who may not decide, because they asked for it, unless the policy allows it."""
        if self.request.allows_own:
            return set()
        return {self.ticket.requester_id, self.request.requested_by_id}

    def decisions_of_step(self, step: ApprovalStep) -> list[ApprovalDecision]:
        """Return the decisions of a step, pending and made."""
        return [decision for decision in self.decisions if decision.step_id == step.id]


_SELECT_REQUEST = select_rows(ApprovalRequest).where(
    approval_request_table.c.id == bindparam("request_id")
)
_SELECT_UNDECIDED_REQUEST = select_rows(ApprovalRequest).where(
    approval_request_table.c.ticket_id == bindparam("ticket_id"),
    approval_request_table.c.decided_at.is_(None),
)
_SELECT_STEPS = (
    select_rows(ApprovalStep)
    .where(approval_step_table.c.request_id == bindparam("request_id"))
    .order_by(approval_step_table.c.ordinal)
)
_SELECT_DECISIONS = (
    select_rows(ApprovalDecision)
    .join(approval_step_table, approval_step_table.c.id == approval_decision_table.c.step_id)
    .where(approval_step_table.c.request_id == bindparam("request_id"))
    .order_by(approval_decision_table.c.id)
)


def load_process(uow: UnitOfWork, ticket: Ticket, request_id: int) -> ApprovalProcess:
    """Load an approval request of a locked ticket."""
    request = uow.session.scalars(_SELECT_REQUEST, {"request_id": request_id}).one()
    return _build_process(uow, ticket, request)


def find_open_process(uow: UnitOfWork, ticket: Ticket) -> ApprovalProcess | None:
    """Return the open approval request of a locked ticket, or None."""
    values = {"ticket_id": ticket.id}
    request = uow.session.scalars(_SELECT_UNDECIDED_REQUEST, values).one_or_none()
    return request and _build_process(uow, ticket, request)


def _build_process(uow: UnitOfWork, ticket: Ticket, request: ApprovalRequest) -> ApprovalProcess:
    values = {"request_id": request.id}
    steps = uow.session.scalars(_SELECT_STEPS, values).all()
    decisions = uow.session.scalars(_SELECT_DECISIONS, values).all()
    return ApprovalProcess(ticket, request, list(steps), list(decisions))


def record_event(
    uow: UnitOfWork,
    process: ApprovalProcess,
    event: ApprovalEvent,
    *,
    audience: Audience,
    old_value: str | None = None,
    new_value: str | None = None,
    body: str | None = None,
) -> int:
    """Add a timeline entry with the request's id in `new_id`; return the entry's id."""
    assert process.ticket.id is not None
    return timeline.add_entry(
        uow,
        process.ticket.id,
        EntryKind.APPROVAL,
        audience=audience,
        field=event,
        old_value=old_value,
        new_value=new_value,
        new_id=process.request.id,
        body=body,
    )


def notify_each(
    uow: UnitOfWork,
    process: ApprovalProcess,
    person_ids: Iterable[int | None],
    message: str,
    entry_id: int,
    kind: NotificationKind = NotificationKind.APPROVAL_REQUESTED,
) -> None:
    """Notify each person once of a timeline entry."""
    for person_id in dict.fromkeys(person_ids):
        if person_id is not None:
            notify(
                uow,
                person_id,
                kind,
                message,
                ticket_id=process.ticket.id,
                entry_id=entry_id,
            )


def summarize_names(people: Sequence[ActorRow]) -> str | None:
    """Return the names of the first ten people, and how many more there are, or None for none."""
    listed = ", ".join(person.full_name for person in people[:MAX_LISTED_NAMES])
    remaining = len(people) - MAX_LISTED_NAMES
    return f"{listed} and {remaining} more" if remaining > 0 else listed or None


def start_step_and_ask_approvers(
    uow: UnitOfWork, process: ApprovalProcess, step: ApprovalStep, note: str | None = None
) -> None:
    """Ask the approvers of a step, and the admins too if there are not enough approvers."""
    people = approvers.find_approvers(
        uow,
        ApproverSelection.from_json(step.approvers),
        department_id=process.ticket.department_id,
        excluded_ids=process.excluded_ids,
    )
    if len(people) < max(step.quorum, 1):
        excluded_ids = process.excluded_ids | {person.id for person in people}
        people += approvers.find_approvers(
            uow, ADMINS, department_id=None, excluded_ids=excluded_ids
        )
        note = "\n\n".join(
            filter(
                None,
                (
                    note,
                    "There are not enough approvers for this step, so the admins were asked too.",
                ),
            )
        )
    step.state, step.started_at = ApprovalState.PENDING, uow.now
    step.due_at = uow.now + timedelta(hours=step.hours) if step.hours else None
    add_approvers(uow, process, step, [person.id for person in people])
    entry_id = record_event(
        uow,
        process,
        ApprovalEvent.ASKED,
        audience=Audience.INTERNAL,
        old_value=step.name,
        new_value=summarize_names(people),
        body=note,
    )
    notify_each(uow, process, [person.id for person in people], "Your approval is needed", entry_id)


def add_approvers(
    uow: UnitOfWork,
    process: ApprovalProcess,
    step: ApprovalStep,
    person_ids: Iterable[int],
    *,
    delegated_by_id: int | None = None,
    is_escalation: bool = False,
) -> None:
    """Add pending decisions of more people to a step."""
    assert step.id is not None
    new_decisions = [
        ApprovalDecision(
            step_id=step.id,
            person_id=person_id,
            state=ApprovalState.PENDING,
            delegated_by_id=delegated_by_id,
            is_escalation=is_escalation,
            asked_at=uow.now,
        )
        for person_id in person_ids
    ]
    uow.session.add_all(new_decisions)
    uow.flush()
    process.decisions += new_decisions


def compute_outcome(step: ApprovalStep, decisions: Iterable[ApprovalDecision]) -> ApprovalState:
    """Return whether the decisions so far approve or reject the step, or leave it pending.

    With quorum any, the first decision is final. Otherwise the step is approved once enough people
    have approved, and rejected once too few are left who could. The decision of a person it was
    escalated to is always final.
    """
    votes = [decision for decision in decisions if decision.state != ApprovalState.DELEGATED]
    decisive = [vote for vote in votes if vote.is_escalation or step.quorum == QUORUM_ANY]
    for vote in decisive:
        if vote.state in (ApprovalState.APPROVED, ApprovalState.REJECTED):
            return ApprovalState(vote.state)
    regular_votes = [vote for vote in votes if not vote.is_escalation]
    needed = (
        len(regular_votes) if step.quorum == QUORUM_ALL else min(step.quorum, len(regular_votes))
    )
    approved_count = sum(vote.state == ApprovalState.APPROVED for vote in regular_votes)
    rejected_count = sum(vote.state == ApprovalState.REJECTED for vote in regular_votes)
    if regular_votes and approved_count >= needed:
        return ApprovalState.APPROVED
    if len(regular_votes) - rejected_count < needed:
        return ApprovalState.REJECTED
    return ApprovalState.PENDING


def close_step(
    uow: UnitOfWork, process: ApprovalProcess, step: ApprovalStep, state: ApprovalState
) -> None:
    """Close a step and cancel its pending decisions."""
    step.state, step.decided_at = state, uow.now
    decisions = process.decisions_of_step(step)
    if decisions:
        mark_approval_requests_read(
            uow, process.request.ticket_id, [decision.person_id for decision in decisions]
        )
    for decision in decisions:
        if decision.state == ApprovalState.PENDING:
            decision.state, decision.decided_at = ApprovalState.CANCELLED, uow.now


def end_process(uow: UnitOfWork, process: ApprovalProcess, state: ApprovalState) -> None:
    """Close the request, and give the ticket its earlier status back or reject it.

    A ticket that was new becomes open if it is approved or has an assignee.
    """
    request, ticket = process.request, process.ticket
    request.state, request.decided_at, request.decided_by_id = state, uow.now, uow.actor.id
    for step in process.steps:
        if step.decided_at is None:
            close_step(uow, process, step, ApprovalState.CANCELLED)
    status = Status(request.previous_status)
    if status is INITIAL_STATUS and (state is ApprovalState.APPROVED or ticket.assignee_id):
        status = ASSIGNED_STATUS
    if state is ApprovalState.REJECTED:
        status = REJECTED_STATUS
    uow.flush()
    status_changes.transition(uow, ticket, status, Cause.APPROVAL_DECISION)


def resume_process(uow: UnitOfWork, process: ApprovalProcess) -> None:
    """Continue a step that waited for information; the waiting time does not count."""
    request, step = process.request, process.current_step
    if request.state != ApprovalState.INFO_REQUESTED:
        return
    assert request.info_requested_at is not None
    assert step is not None
    if step.due_at:
        step.due_at += uow.now - request.info_requested_at
    request.state = step.state = ApprovalState.PENDING
    request.info_requested_by_id = request.info_requested_at = None

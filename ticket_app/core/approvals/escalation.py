"""Escalate approval steps that are overdue or wait for an inactive approver."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import ColumnElement, bindparam, literal, select
from sqlmodel import select as select_rows

from ticket_app.core.approvals import approval_process, approvers
from ticket_app.core.approvals import policies as approval_policies
from ticket_app.core.approvals.approval_process import ApprovalProcess
from ticket_app.core.approvals.approvers import ADMINS
from ticket_app.core.people.rows import ActorRow
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import ApprovalEvent, ApprovalState, Audience
from ticket_app.core.tickets.changing import changing
from ticket_app.tables import (
    ApprovalStep,
    Ticket,
    approval_decision_table,
    approval_request_table,
    approval_step_table,
    person_table,
    ticket_table,
)

BATCH_SIZE = 100


def _literal_state(state: ApprovalState) -> ColumnElement[str]:
    """Return a state as a literal, so that the database can use a partial index."""
    return literal(str(state), literal_execute=True)


_SELECT_OVERDUE = (
    select(approval_request_table.c.id, approval_request_table.c.ticket_id)
    .select_from(
        approval_step_table.join(
            approval_request_table, approval_request_table.c.id == approval_step_table.c.request_id
        ).join(ticket_table, ticket_table.c.id == approval_request_table.c.ticket_id)
    )
    .where(
        approval_step_table.c.state == _literal_state(ApprovalState.PENDING),
        approval_step_table.c.escalated_at.is_(None),
        approval_step_table.c.due_at.is_not(None),
        approval_step_table.c.due_at <= bindparam("now"),
        ticket_table.c.deleted_at.is_(None),
    )
    .order_by(approval_step_table.c.due_at)
    .limit(BATCH_SIZE)
)


_SELECT_WITH_INACTIVE_APPROVERS = (
    select(approval_request_table.c.id, approval_request_table.c.ticket_id)
    .distinct()
    .select_from(
        approval_request_table.join(
            approval_step_table, approval_step_table.c.request_id == approval_request_table.c.id
        )
        .join(
            approval_decision_table, approval_decision_table.c.step_id == approval_step_table.c.id
        )
        .join(person_table, person_table.c.id == approval_decision_table.c.person_id)
        .join(ticket_table, ticket_table.c.id == approval_request_table.c.ticket_id)
    )
    .where(
        approval_request_table.c.state == ApprovalState.PENDING,
        approval_step_table.c.state == ApprovalState.PENDING,
        approval_step_table.c.escalated_at.is_(None),
        approval_decision_table.c.state == ApprovalState.PENDING,
        person_table.c.is_active.is_(False),
        ticket_table.c.deleted_at.is_(None),
    )
    .order_by(approval_request_table.c.id)
    .limit(BATCH_SIZE)
)
_SELECT_INACTIVE_PEOPLE = select(person_table.c.id).where(
    person_table.c.is_active.is_(False), person_table.c.id.in_(bindparam("ids", expanding=True))
)


class RequestToEscalate(NamedTuple):
    """An approval request, and its ticket."""

    id: int
    ticket_id: int


def list_requests_to_escalate(uow: UnitOfWork) -> list[RequestToEscalate]:
    """Return the requests whose step is overdue or has an inactive approver."""
    overdue_requests = uow.all_rows(_SELECT_OVERDUE, {"now": uow.now}, of=RequestToEscalate)
    abandoned_requests = uow.all_rows(_SELECT_WITH_INACTIVE_APPROVERS, of=RequestToEscalate)
    return list(dict.fromkeys([*overdue_requests, *abandoned_requests]))


_LOCK_TICKET_IF_FREE = (
    select_rows(Ticket)
    .where(ticket_table.c.id == bindparam("ticket_id"), ticket_table.c.deleted_at.is_(None))
    .with_for_update(skip_locked=True)
)


def escalate_request(uow: UnitOfWork, request_id: int, ticket_id: int) -> bool:
    """Ask the step's escalation approvers, or else the admins, to decide the current step, once.

    The present approvers may still decide, and are reminded if the step is overdue. Returns False
    if there is nothing to do, or if another transaction has locked the ticket: it is tried again.
    """
    ticket = uow.session.scalars(_LOCK_TICKET_IF_FREE, {"ticket_id": ticket_id}).one_or_none()
    if ticket is None:
        return False
    process = approval_process.load_process(uow, ticket, request_id)
    step = process.current_step
    if step is None or step.state != ApprovalState.PENDING or step.escalated_at:
        return False
    asked_ids = {decision.person_id for decision in process.decisions_of_step(step)}
    pending_ids = [
        decision.person_id
        for decision in process.decisions_of_step(step)
        if decision.state == ApprovalState.PENDING
    ]
    is_late = step.due_at is not None and step.due_at <= uow.now
    if (
        not is_late
        and uow.connection.execute(_SELECT_INACTIVE_PEOPLE, {"ids": pending_ids}).first() is None
    ):
        return False
    with changing(uow, ticket):
        new_approvers = _find_new_approvers(uow, process, step, asked_ids | process.excluded_ids)
        step.escalated_at = uow.now
        approval_process.add_approvers(
            uow, process, step, [person.id for person in new_approvers], is_escalation=True
        )
        entry_id = approval_process.record_event(
            uow,
            process,
            ApprovalEvent.ESCALATED,
            audience=Audience.INTERNAL,
            old_value=step.name,
            new_value=approval_process.summarize_names(new_approvers),
        )
        message = (
            "An overdue approval was escalated to you"
            if is_late
            else "An approval was escalated to you"
        )
        approval_process.notify_each(
            uow, process, (person.id for person in new_approvers), message, entry_id
        )
        if is_late:
            approval_process.notify_each(
                uow, process, pending_ids, "Your approval is overdue", entry_id
            )
    return True


def _find_new_approvers(
    uow: UnitOfWork, process: ApprovalProcess, step: ApprovalStep, excluded_ids: set[int]
) -> list[ActorRow]:
    department_id = process.ticket.department_id
    selection = approval_policies.get_escalation_approvers(step)
    people = approvers.find_approvers(
        uow, selection, department_id=department_id, excluded_ids=excluded_ids
    )
    return people or approvers.find_approvers(
        uow, ADMINS, department_id=None, excluded_ids=excluded_ids
    )

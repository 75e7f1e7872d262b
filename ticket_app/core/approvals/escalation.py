"""Steps whose time is up, or that ask somebody who has left, are brought to others."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, literal, select
from sqlmodel import select as select_rows

from ticket_app.core.approvals import approvers, cases
from ticket_app.core.approvals import policies as approval_policies
from ticket_app.core.approvals.approvers import ADMINS
from ticket_app.core.approvals.cases import Case
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import ApprovalEvent, ApprovalState, Audience
from ticket_app.core.tickets import tickets
from ticket_app.tables import (
    ApprovalStep,
    Ticket,
    approval_ask_table,
    approval_request_table,
    approval_step_table,
    person_table,
    ticket_table,
)

AT_ONCE = 100


def _word(state: ApprovalState) -> Any:
    """A state in the statement itself, as the condition of a partial index wants it."""
    return literal(str(state), literal_execute=True)


_OVERDUE = (
    select(approval_request_table.c.id, approval_request_table.c.ticket_id)
    .select_from(
        approval_step_table.join(
            approval_request_table, approval_request_table.c.id == approval_step_table.c.request_id
        ).join(ticket_table, ticket_table.c.id == approval_request_table.c.ticket_id)
    )
    .where(
        approval_step_table.c.state == _word(ApprovalState.PENDING),
        approval_step_table.c.escalated_at.is_(None),
        approval_step_table.c.due_at.is_not(None),
        approval_step_table.c.due_at <= bindparam("now"),
        ticket_table.c.deleted_at.is_(None),
    )
    .order_by(approval_step_table.c.due_at)
    .limit(AT_ONCE)
)


_LEFT_BY_SOMEBODY = (
    select(approval_request_table.c.id, approval_request_table.c.ticket_id)
    .distinct()
    .select_from(
        approval_request_table.join(
            approval_step_table, approval_step_table.c.request_id == approval_request_table.c.id
        )
        .join(approval_ask_table, approval_ask_table.c.step_id == approval_step_table.c.id)
        .join(person_table, person_table.c.id == approval_ask_table.c.person_id)
        .join(ticket_table, ticket_table.c.id == approval_request_table.c.ticket_id)
    )
    .where(
        approval_request_table.c.state == ApprovalState.PENDING,
        approval_step_table.c.state == ApprovalState.PENDING,
        approval_step_table.c.escalated_at.is_(None),
        approval_ask_table.c.state == ApprovalState.PENDING,
        person_table.c.is_active.is_(False),
        ticket_table.c.deleted_at.is_(None),
    )
    .order_by(approval_request_table.c.id)
    .limit(AT_ONCE)
)
_HAVE_LEFT = select(person_table.c.id).where(
    person_table.c.is_active.is_(False), person_table.c.id.in_(bindparam("ids", expanding=True))
)


def overdue(desk: Desk) -> list[Any]:
    """Requests that others should decide on: `id` and `ticket_id` of each.

    Their step should have been decided by now, or somebody asked in it is no longer here.
    """
    late = desk.db.execute(_OVERDUE, {"now": desk.now}).all()
    left = desk.db.execute(_LEFT_BY_SOMEBODY).all()
    return list(dict.fromkeys([*late, *left]))


_FREE = (
    select_rows(Ticket)
    .where(ticket_table.c.id == bindparam("ticket_id"), ticket_table.c.deleted_at.is_(None))
    .with_for_update(skip_locked=True)
)


def escalate(desk: Desk, request_id: int, ticket_id: int) -> bool:
    """Bring the step of a request to whom its policy names (else to the admins), once.

    Whoever is asked already is still asked, and told again if it is late. False if there is
    nothing to do, or if somebody has the ticket in hand this very moment: it comes up again.
    """
    ticket = desk.session.execute(_FREE, {"ticket_id": ticket_id}).scalar_one_or_none()
    if ticket is None:
        return False
    case = cases.of_request(desk, ticket, request_id)
    step = case.step
    if step is None or step.state != ApprovalState.PENDING or step.escalated_at:
        return False
    asked = {ask.person_id for ask in case.asked_in(step)}
    waiting = [ask.person_id for ask in case.asked_in(step) if ask.state == ApprovalState.PENDING]
    is_late = step.due_at is not None and step.due_at <= desk.now
    if not is_late and desk.db.execute(_HAVE_LEFT, {"ids": waiting}).first() is None:
        return False
    found = _others(desk, case, step, asked | case.barred)
    step.escalated_at = desk.now
    cases.ask(desk, case, step, [person.id for person in found], is_escalation=True)
    line = cases.record(
        desk,
        case,
        ApprovalEvent.ESCALATED,
        audience=Audience.INTERNAL,
        old_value=step.name,
        new_value=cases.names_of(found),
    )
    says = "An approval is overdue" if is_late else "An approval is left to you"
    cases.tell_each(desk, case, (person.id for person in found), says, line)
    if is_late:
        cases.tell_each(desk, case, waiting, "Your approval is overdue", line)
    tickets.touch(desk, ticket)
    desk.settle()
    return True


def _others(desk: Desk, case: Case, step: ApprovalStep, besides: set[int]) -> list[Any]:
    department_id = case.ticket.department_id
    named = approval_policies.escalation(step)
    found = approvers.find(desk, named, department_id=department_id, besides=besides)
    return found or approvers.find(desk, ADMINS, department_id=None, besides=besides)

"""Steps whose time is up are brought to others, who may then decide as well."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, literal, select
from sqlmodel import select as select_rows

from ticket_app.core import approval_case as cases
from ticket_app.core import approval_policies, approvers, tickets
from ticket_app.core.approval_case import S
from ticket_app.core.approval_policies import R
from ticket_app.core.desk import Desk
from ticket_app.core.policy import T
from ticket_app.core.words import ApprovalEvent, ApprovalState, Audience
from ticket_app.tables import Ticket

AT_ONCE = 100


def _word(state: ApprovalState) -> Any:
    """A state in the statement itself, as the condition of a partial index wants it."""
    return literal(str(state), literal_execute=True)


_OVERDUE = (
    select(R.c.id, R.c.ticket_id)
    .select_from(S.join(R, R.c.id == S.c.request_id).join(T, T.c.id == R.c.ticket_id))
    .where(
        S.c.state == _word(ApprovalState.PENDING),
        S.c.escalated_at.is_(None),
        S.c.due_at.is_not(None),
        S.c.due_at <= bindparam("now"),
        T.c.deleted_at.is_(None),
    )
    .order_by(S.c.due_at)
    .limit(AT_ONCE)
)


def overdue(desk: Desk) -> list[Any]:
    """Requests whose step should have been decided by now: `id` and `ticket_id` of each."""
    return list(desk.db.execute(_OVERDUE, {"now": desk.now}))


_FREE = (
    select_rows(Ticket)
    .where(T.c.id == bindparam("ticket_id"), T.c.deleted_at.is_(None))
    .with_for_update(skip_locked=True)
)


def escalate(desk: Desk, request_id: int, ticket_id: int) -> bool:
    """Bring the overdue step of a request to whom its policy names (else to the admins), once.

    Whoever is asked already is still asked, and told again. False if there is nothing to do, or
    if somebody has the ticket in hand this very moment: it comes up again.
    """
    ticket = desk.session.execute(_FREE, {"ticket_id": ticket_id}).scalar_one_or_none()
    if ticket is None:
        return False
    case = cases.of_request(desk, ticket, request_id)
    step = case.step
    if step is None or step.state != ApprovalState.PENDING or step.escalated_at:
        return False
    if step.due_at is None or step.due_at > desk.now:
        return False
    asked = {ask.person_id for ask in case.asked_in(step)}
    found = approvers.find(
        desk,
        approval_policies.escalation(step),
        department_id=ticket.department_id,
        besides=asked | case.barred,
    )
    waiting = [ask.person_id for ask in case.asked_in(step) if ask.state == ApprovalState.PENDING]
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
    cases.tell_each(desk, case, (person.id for person in found), "An approval is overdue", line)
    cases.tell_each(desk, case, waiting, "Your approval is overdue", line)
    tickets.touch(desk, ticket)
    desk.settle()
    return True

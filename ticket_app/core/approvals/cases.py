"""An approval under the lock of its ticket: its steps, who is asked, and how it ends.

What asking, deciding and escalating have in common; the use cases are in `core.approvals.requests`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import select as select_rows

from ticket_app.core.approvals import approvers
from ticket_app.core.approvals.approvers import ADMINS, Approvers
from ticket_app.core.approvals.policies import ALL, ANY
from ticket_app.core.notifications.notifications import Notice, settle_approvals, tell
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import (
    ApprovalEvent,
    ApprovalState,
    Audience,
    EntryKind,
    Status,
)
from ticket_app.core.tickets import tickets
from ticket_app.core.tickets.transitions import Cause
from ticket_app.core.timeline import timeline
from ticket_app.tables import (
    ApprovalAsk,
    ApprovalRequest,
    ApprovalStep,
    Ticket,
    approval_ask_table,
    approval_request_table,
    approval_step_table,
)

NAMES_TOLD = 10
OPEN = frozenset({ApprovalState.PENDING, ApprovalState.INFO_REQUESTED})
REFUSED_AS = Status.WONT_FIX
"""What becomes of a ticket whose approval is refused."""


@dataclass(slots=True)
class Case:
    """One request of a locked ticket, with its steps in order and all who were asked."""

    ticket: Ticket
    request: ApprovalRequest
    steps: list[ApprovalStep]
    asks: list[ApprovalAsk]

    @property
    def is_open(self) -> bool:
        """It has not ended."""
        return self.request.state in OPEN

    @property
    def step(self) -> ApprovalStep | None:
        """The step that is being decided."""
        return next((one for one in self.steps if one.state in OPEN), None)

    @property
    def barred(self) -> set[int]:
        """Who may not decide: nobody decides on what they want themselves."""
        if self.request.allows_own:
            return set()
        return {self.ticket.requester_id, self.request.requested_by_id}

    def asked_in(self, step: ApprovalStep) -> list[ApprovalAsk]:
        """Who is or was asked in a step."""
        return [ask for ask in self.asks if ask.step_id == step.id]


_REQUEST = select_rows(ApprovalRequest).where(
    approval_request_table.c.id == bindparam("request_id")
)
_UNDECIDED = select_rows(ApprovalRequest).where(
    approval_request_table.c.ticket_id == bindparam("ticket_id"),
    approval_request_table.c.decided_at.is_(None),
)
_STEPS = (
    select_rows(ApprovalStep)
    .where(approval_step_table.c.request_id == bindparam("request_id"))
    .order_by(approval_step_table.c.ordinal)
)
_ASKS = (
    select_rows(ApprovalAsk)
    .join(approval_step_table, approval_step_table.c.id == approval_ask_table.c.step_id)
    .where(approval_step_table.c.request_id == bindparam("request_id"))
    .order_by(approval_ask_table.c.id)
)


def of_request(desk: Desk, ticket: Ticket, request_id: int) -> Case:
    """A request of a ticket that is locked."""
    request = desk.session.execute(_REQUEST, {"request_id": request_id}).scalar_one()
    return _gathered(desk, ticket, request)


def undecided(desk: Desk, ticket: Ticket) -> Case | None:
    """The request that a locked ticket waits for, if there is one."""
    values = {"ticket_id": ticket.id}
    request = desk.session.execute(_UNDECIDED, values).scalar_one_or_none()
    return request and _gathered(desk, ticket, request)


def _gathered(desk: Desk, ticket: Ticket, request: ApprovalRequest) -> Case:
    values = {"request_id": request.id}
    steps = desk.session.execute(_STEPS, values).scalars().all()
    asks = desk.session.execute(_ASKS, values).scalars().all()
    return Case(ticket, request, list(steps), list(asks))


def record(
    desk: Desk,
    case: Case,
    event: ApprovalEvent,
    *,
    audience: Audience,
    **columns: Any,
) -> int:
    """Write on the timeline what happened; the line's `new_id` is the request's id."""
    assert case.ticket.id is not None
    return timeline.append(
        desk,
        case.ticket.id,
        EntryKind.APPROVAL,
        audience=audience,
        field=event,
        new_id=case.request.id,
        **columns,
    )


def tell_each(desk: Desk, case: Case, people: Iterable[int | None], says: str, line: int) -> None:
    """Tell people of a line of the timeline, each once."""
    for person_id in dict.fromkeys(people):
        if person_id is not None:
            tell(
                desk,
                person_id,
                Notice.APPROVAL,
                says,
                ticket_id=case.ticket.id,
                entry_id=line,
            )


def names_of(people: Sequence[Any]) -> str | None:
    """Who was asked, in one line."""
    told = ", ".join(person.full_name for person in people[:NAMES_TOLD])
    more = len(people) - NAMES_TOLD
    return f"{told} and {more} more" if more > 0 else told or None


def start(desk: Desk, case: Case, step: ApprovalStep, said: str | None = None) -> None:
    """Ask the people of a step; where too few can be asked, the admins as well."""
    asked = approvers.find(
        desk,
        Approvers.of(step.approvers),
        department_id=case.ticket.department_id,
        besides=case.barred,
    )
    if len(asked) < max(step.quorum, 1):
        besides = case.barred | {person.id for person in asked}
        asked += approvers.find(desk, ADMINS, department_id=None, besides=besides)
        said = "\n\n".join(filter(None, (said, "Too few can be asked here: the admins decide.")))
    step.state, step.started_at = ApprovalState.PENDING, desk.now
    step.due_at = desk.now + timedelta(hours=step.hours) if step.hours else None
    ask(desk, case, step, [person.id for person in asked])
    line = record(
        desk,
        case,
        ApprovalEvent.ASKED,
        audience=Audience.INTERNAL,
        old_value=step.name,
        new_value=names_of(asked),
        body=said,
    )
    tell_each(desk, case, [person.id for person in asked], "Your approval is asked for", line)


def ask(
    desk: Desk,
    case: Case,
    step: ApprovalStep,
    people: Iterable[int],
    *,
    delegated_by_id: int | None = None,
    is_escalation: bool = False,
) -> None:
    """Ask more people in a step."""
    assert step.id is not None
    asks = [
        ApprovalAsk(
            step_id=step.id,
            person_id=person_id,
            state=ApprovalState.PENDING,
            delegated_by_id=delegated_by_id,
            is_escalation=is_escalation,
            asked_at=desk.now,
        )
        for person_id in people
    ]
    desk.session.add_all(asks)
    desk.settle()
    case.asks += asks


def outcome(step: ApprovalStep, asks: Iterable[ApprovalAsk]) -> ApprovalState:
    """What the words said so far come to: approved, rejected, or still pending.

    With quorum any, the first word decides, for or against. Otherwise the step is approved once
    enough agree, and rejected once too few are left who could. The word of somebody it was
    escalated to is enough by itself.
    """
    votes = [ask for ask in asks if ask.state != ApprovalState.DELEGATED]
    decisive = [vote for vote in votes if vote.is_escalation or step.quorum == ANY]
    for vote in decisive:
        if vote.state in (ApprovalState.APPROVED, ApprovalState.REJECTED):
            return ApprovalState(vote.state)
    counted = [vote for vote in votes if not vote.is_escalation]
    needed = len(counted) if step.quorum == ALL else min(step.quorum, len(counted))
    agreed = sum(vote.state == ApprovalState.APPROVED for vote in counted)
    refused = sum(vote.state == ApprovalState.REJECTED for vote in counted)
    if counted and agreed >= needed:
        return ApprovalState.APPROVED
    if len(counted) - refused < needed:
        return ApprovalState.REJECTED
    return ApprovalState.PENDING


def close_step(desk: Desk, case: Case, step: ApprovalStep, state: ApprovalState) -> None:
    """The step is over; nobody is asked in it any more."""
    step.state, step.decided_at = state, desk.now
    asked = case.asked_in(step)
    if asked:
        settle_approvals(desk, case.request.ticket_id, [one.person_id for one in asked])
    for one in asked:
        if one.state == ApprovalState.PENDING:
            one.state, one.decided_at = ApprovalState.CANCELLED, desk.now


def end(desk: Desk, case: Case, state: ApprovalState) -> None:
    """The request is over; the ticket goes back to where it was, or is refused.

    What waited as new is open once it is approved, or has somebody who works it.
    """
    request, ticket = case.request, case.ticket
    request.state, request.decided_at, request.decided_by_id = state, desk.now, desk.actor.id
    for step in case.steps:
        if step.decided_at is None:
            close_step(desk, case, step, ApprovalState.CANCELLED)
    status = Status(request.status_before)
    if status is Status.NEW and (state is ApprovalState.APPROVED or ticket.assignee_id):
        status = Status.OPEN
    if state is ApprovalState.REJECTED:
        status = REFUSED_AS
    desk.settle()
    tickets.move(desk, ticket, status, Cause.APPROVAL_DECISION)


def resume(desk: Desk, case: Case) -> None:
    """What was asked back is answered, or needed no more: the clock of the step goes on."""
    request, step = case.request, case.step
    if request.state != ApprovalState.INFO_REQUESTED:
        return
    assert request.info_asked_at is not None
    assert step is not None
    if step.due_at:
        step.due_at += desk.now - request.info_asked_at
    request.state = step.state = ApprovalState.PENDING
    request.info_asked_by_id = request.info_asked_at = None

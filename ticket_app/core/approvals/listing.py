"""List pending approval requests, and the approval requests of a ticket."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, FromClause, bindparam, func, literal, select

from ticket_app.core.approvals.policies import QUORUM_NAMES
from ticket_app.core.approvals.rows import (
    ApprovalPerson,
    ApprovalStepView,
    ApprovalView,
    PendingRequestRow,
)
from ticket_app.core.platform.access_policy import (
    can_see_internal,
    visibility_condition,
    visibility_parameters,
)
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.paging import MAX_PAGE_SIZE, Page, PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import ApprovalState, Priority
from ticket_app.tables import (
    ApprovalDecision,
    ApprovalRequest,
    ApprovalStep,
    approval_decision_table,
    approval_request_table,
    approval_step_table,
    department_table,
    person_table,
    ticket_table,
)

MAX_REQUESTS_PER_TICKET = 50
"""Of a ticket with more requests, the latest are returned."""


@dataclass(frozen=True, slots=True)
class PendingQuery:
    """Filters of pending requests: the actor's own or everyone's, any of the priorities."""

    department_id: int | None = None
    priorities: frozenset[Priority] = frozenset()
    for_everyone: bool = False


_REQUESTED_BY, _CREATOR = person_table.alias("asker"), person_table.alias("creator")
_PENDING_COLUMNS = (
    approval_request_table.c.id,
    approval_request_table.c.ticket_id,
    approval_request_table.c.state,
    approval_request_table.c.policy_id,
    approval_request_table.c.policy_name,
    approval_request_table.c.reason,
    approval_request_table.c.requested_by_id,
    approval_request_table.c.created_at,
    approval_step_table.c.ordinal,
    approval_step_table.c.name.label("step_name"),
    approval_step_table.c.due_at,
    ticket_table.c.key_prefix,
    ticket_table.c.key_number,
    ticket_table.c.opened_on,
    ticket_table.c.day_number,
    ticket_table.c.title,
    ticket_table.c.status,
    ticket_table.c.priority,
    ticket_table.c.kind,
    ticket_table.c.department_id,
    ticket_table.c.created_at.label("ticket_created_at"),
    ticket_table.c.created_by_id,
    department_table.c.name.label("department_name"),
    *(
        table.c[name].label(f"{whose}_{name}")
        for whose, table in (("asker", _REQUESTED_BY), ("creator", _CREATOR))
        for name in ("username", "first_name", "last_name")
    ),
)
# A literal, as in the condition of the partial index (tables/approvals.py), so that it is used.
_IS_STEP_PENDING = approval_step_table.c.state == literal(
    str(ApprovalState.PENDING), literal_execute=True
)
_JOIN_PENDING_STEP = (
    approval_step_table.c.request_id == approval_request_table.c.id
) & _IS_STEP_PENDING
_ALL_PENDING_JOIN = approval_request_table.join(approval_step_table, _JOIN_PENDING_STEP)
_OWN_PENDING_JOIN = approval_decision_table.join(
    approval_step_table, approval_step_table.c.id == approval_decision_table.c.step_id
).join(approval_request_table, approval_request_table.c.id == approval_step_table.c.request_id)


def _build_pending_query(
    uow: UnitOfWork, query: PendingQuery
) -> tuple[FromClause, list[ColumnElement[bool]], dict[str, object]]:
    values: dict[str, object] = dict(visibility_parameters(uow.actor))
    conditions: list[ColumnElement[bool]] = [
        visibility_condition(uow.actor),
        approval_request_table.c.state == ApprovalState.PENDING,
    ]
    if query.for_everyone:
        uow.actor.require("set_up", "see approval requests of other people")
    else:
        conditions += [
            approval_decision_table.c.person_id == uow.actor.id,
            approval_decision_table.c.state == ApprovalState.PENDING,
        ]
    if query.department_id is not None:
        conditions.append(ticket_table.c.department_id == query.department_id)
    if query.priorities:
        conditions.append(ticket_table.c.priority.in_(sorted(query.priorities)))
    from_clause = _ALL_PENDING_JOIN if query.for_everyone else _OWN_PENDING_JOIN
    return (
        from_clause.join(ticket_table, ticket_table.c.id == approval_request_table.c.ticket_id),
        conditions,
        values,
    )


def list_pending(
    uow: UnitOfWork, query: PendingQuery, page_request: PageRequest
) -> Page[PendingRequestRow]:
    """Return the requests that wait for a decision, oldest first.

    Without those that wait for information or whose ticket is deleted. Raises `Forbidden` for
    `for_everyone` without the permission `set_up`.
    """
    from_clause, conditions, values = _build_pending_query(uow, query)
    limit = max(1, min(page_request.limit, MAX_PAGE_SIZE))
    statement = (
        select(*_PENDING_COLUMNS)
        .select_from(
            from_clause.outerjoin(
                department_table, department_table.c.id == ticket_table.c.department_id
            )
            .join(_REQUESTED_BY, _REQUESTED_BY.c.id == approval_request_table.c.requested_by_id)
            .join(_CREATOR, _CREATOR.c.id == ticket_table.c.created_by_id)
        )
        .where(*conditions)
        .order_by(approval_request_table.c.id)
        .limit(limit + 1)
        .offset(max(0, page_request.offset))
    )
    rows = uow.all_rows(statement, values, of=PendingRequestRow)
    return Page(rows[:limit], len(rows) > limit)


def count_pending(uow: UnitOfWork, query: PendingQuery) -> int:
    """Return how many requests wait for a decision."""
    from_clause, conditions, values = _build_pending_query(uow, query)
    statement = select(func.count()).select_from(from_clause).where(*conditions)
    return int(uow.connection.execute(statement, values).scalar_one())


class _PersonRow:
    id: int
    username: str
    first_name: str
    last_name: str


_SELECT_LATEST_REQUESTS = (
    select(approval_request_table)
    .where(approval_request_table.c.ticket_id == bindparam("ticket_id"))
    .order_by(approval_request_table.c.id.desc())
    .limit(MAX_REQUESTS_PER_TICKET)
)
_SELECT_REQUEST = select(approval_request_table).select_from(
    approval_request_table.join(
        ticket_table, ticket_table.c.id == approval_request_table.c.ticket_id
    )
)
_SELECT_STEPS = (
    select(approval_step_table)
    .where(approval_step_table.c.request_id.in_(bindparam("ids", expanding=True)))
    .order_by(approval_step_table.c.request_id, approval_step_table.c.ordinal)
)
_SELECT_DECISIONS = (
    select(approval_decision_table)
    .join(approval_step_table, approval_step_table.c.id == approval_decision_table.c.step_id)
    .where(approval_step_table.c.request_id.in_(bindparam("ids", expanding=True)))
    .order_by(approval_decision_table.c.id)
)
_SELECT_PEOPLE = select(
    person_table.c.id, person_table.c.username, person_table.c.first_name, person_table.c.last_name
).where(person_table.c.id.in_(bindparam("ids", expanding=True)))


def list_ticket_requests(uow: UnitOfWork, ticket_id: int) -> list[ApprovalView]:
    """Return the approval requests of a ticket the actor may see, newest first."""
    return _format_requests(
        uow, uow.all_rows(_SELECT_LATEST_REQUESTS, {"ticket_id": ticket_id}, of=ApprovalRequest)
    )


def get_request(uow: UnitOfWork, request_id: int) -> ApprovalView:
    """Return an approval request of a ticket the actor may see. Raises `NotFound`."""
    statement = _SELECT_REQUEST.where(
        approval_request_table.c.id == bindparam("request_id"), visibility_condition(uow.actor)
    )
    values = {"request_id": request_id, **visibility_parameters(uow.actor)}
    rows = uow.all_rows(statement, values, of=ApprovalRequest)
    if not rows:
        raise NotFound("Approval")
    return _format_requests(uow, rows)[0]


def _format_requests(uow: UnitOfWork, requests: Sequence[ApprovalRequest]) -> list[ApprovalView]:
    """Return the requests with what the actor may see of them.

    Staff see everything; requesters see the state, the question to them, and the conditions or the
    reason of the final decision.
    """
    if not requests:
        return []
    ids = {"ids": [row.id for row in requests]}
    steps = uow.all_rows(_SELECT_STEPS, ids, of=ApprovalStep)
    decisions = uow.all_rows(_SELECT_DECISIONS, ids, of=ApprovalDecision)
    steps_of: defaultdict[int | None, list[ApprovalStep]] = defaultdict(list)
    decisions_of: defaultdict[int | None, list[ApprovalDecision]] = defaultdict(list)
    for step in steps:
        steps_of[step.request_id].append(step)
    for decision in decisions:
        decisions_of[decision.step_id].append(decision)
    person_ids = {
        person_id
        for row in requests
        for person_id in (row.requested_by_id, row.decided_by_id, row.info_requested_by_id)
    } | {
        person_id
        for decision in decisions
        for person_id in (decision.person_id, decision.delegated_by_id)
    }
    known_ids = sorted(person_id for person_id in person_ids if person_id is not None)
    people: dict[int | None, ApprovalPerson] = {
        row.id: {
            "id": row.id,
            "username": row.username,
            "first_name": row.first_name,
            "last_name": row.last_name,
        }
        for row in uow.all_rows(_SELECT_PEOPLE, {"ids": known_ids}, of=_PersonRow)
    }
    formatted: list[ApprovalView] = []
    for row in requests:
        request_steps = steps_of[row.id]
        request_decisions = [
            decision for step in request_steps for decision in decisions_of[step.id]
        ]
        step_views = [_format_step(step, decisions_of[step.id], people) for step in request_steps]
        formatted.append(_format_request(row, people, request_decisions, step_views))
    return (
        formatted
        if can_see_internal(uow.actor)
        else [_redact_for_requester(request) for request in formatted]
    )


def _format_request(
    row: ApprovalRequest,
    people: Mapping[int | None, ApprovalPerson],
    decisions: Sequence[ApprovalDecision],
    steps: list[ApprovalStepView],
) -> ApprovalView:
    assert row.id is not None
    conditions = [condition for decision in decisions for condition in decision.conditions]
    rejection_comments = [
        decision.comments for decision in decisions if decision.state == ApprovalState.REJECTED
    ]
    is_waiting_for_info = row.state == ApprovalState.INFO_REQUESTED
    return {
        "id": row.id,
        "ticket_id": row.ticket_id,
        "state": row.state,
        "policy": {"id": row.policy_id, "name": row.policy_name} if row.policy_name else None,
        "reason": row.reason,
        "requested_by": people[row.requested_by_id],
        "created_at": row.created_at,
        "question": row.question if is_waiting_for_info else None,
        "question_by": people.get(row.info_requested_by_id),
        "decided_at": row.decided_at,
        "decided_by": people.get(row.decided_by_id),
        "conditions": conditions if row.state == ApprovalState.APPROVED else [],
        "rejected_because": rejection_comments[-1] if row.state == ApprovalState.REJECTED else None,
        "steps": steps,
    }


def _format_step(
    step: ApprovalStep,
    decisions: Sequence[ApprovalDecision],
    people: Mapping[int | None, ApprovalPerson],
) -> ApprovalStepView:
    return {
        "step": step.ordinal,
        "name": step.name,
        "state": step.state,
        "quorum": QUORUM_NAMES.get(step.quorum, step.quorum),
        "started_at": step.started_at,
        "due_at": step.due_at,
        "escalated_at": step.escalated_at,
        "decided_at": step.decided_at,
        "asks": [
            {
                "approver": people[decision.person_id],
                "state": decision.state,
                "comments": decision.comments,
                "conditions": decision.conditions,
                "delegated_by": people.get(decision.delegated_by_id),
                "is_escalation": decision.is_escalation,
                "asked_at": decision.asked_at,
                "decided_at": decision.decided_at,
            }
            for decision in decisions
        ],
    }


def _redact_for_requester(request: ApprovalView) -> ApprovalView:
    steps: list[ApprovalStepView] = [{**step, "asks": []} for step in request["steps"]]
    return {**request, "reason": None, "steps": steps}

"""What waits for whose decision, and how the approvals of a ticket stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, literal, select

from ticket_app.core.approvals.policies import QUORUM
from ticket_app.core.platform.access_policy import sees_internal, viewer, visible
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.paging import LONGEST_PAGE, Page, Slice
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import ApprovalState, Priority
from ticket_app.tables import (
    approval_ask_table,
    approval_request_table,
    approval_step_table,
    department_table,
    person_table,
    ticket_table,
)

MOST_OF_A_TICKET = 50
"""Of a ticket that was put before approvers more often, the latest are told."""


@dataclass(frozen=True, slots=True)
class WaitingQuery:
    """What waits for the actor; for `everybody` if they may see that. Any of the priorities."""

    department_id: int | None = None
    priorities: frozenset[Priority] = frozenset()
    everybody: bool = False


_ASKER, _CREATOR = person_table.alias("asker"), person_table.alias("creator")
_COLUMNS = (
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
        for whose, table in (("asker", _ASKER), ("creator", _CREATOR))
        for name in ("username", "first_name", "last_name")
    ),
)
# As the index of what is pending is written (tables/approvals.py), or it would not be taken.
_IS_PENDING = approval_step_table.c.state == literal(
    str(ApprovalState.PENDING), literal_execute=True
)
_ON_STEP = (approval_step_table.c.request_id == approval_request_table.c.id) & _IS_PENDING
_OF_ALL = approval_request_table.join(approval_step_table, _ON_STEP)
_MINE = approval_ask_table.join(
    approval_step_table, approval_step_table.c.id == approval_ask_table.c.step_id
).join(approval_request_table, approval_request_table.c.id == approval_step_table.c.request_id)


def _waiting(desk: Desk, query: WaitingQuery) -> tuple[Any, list[Any], dict[str, Any]]:
    values: dict[str, Any] = dict(viewer(desk.actor))
    wanted: list[Any] = [
        visible(desk.actor),
        approval_request_table.c.state == ApprovalState.PENDING,
    ]
    if query.everybody:
        desk.actor.must("set_up", "see what waits for others")
    else:
        wanted += [
            approval_ask_table.c.person_id == desk.actor.id,
            approval_ask_table.c.state == ApprovalState.PENDING,
        ]
    if query.department_id is not None:
        wanted.append(ticket_table.c.department_id == query.department_id)
    if query.priorities:
        wanted.append(ticket_table.c.priority.in_(sorted(query.priorities)))
    start = _OF_ALL if query.everybody else _MINE
    return (
        start.join(ticket_table, ticket_table.c.id == approval_request_table.c.ticket_id),
        wanted,
        values,
    )


def waiting(desk: Desk, query: WaitingQuery, part: Slice) -> Page:
    """Requests that wait for a decision, those that wait longest first.

    A request that waits for an answer of its requester waits for nobody else; one of a deleted
    ticket does not wait. Raises `Forbidden` for `everybody` by somebody who may not set up.
    """
    start, wanted, values = _waiting(desk, query)
    limit = max(1, min(part.limit, LONGEST_PAGE))
    statement = (
        select(*_COLUMNS)
        .select_from(
            start.outerjoin(department_table, department_table.c.id == ticket_table.c.department_id)
            .join(_ASKER, _ASKER.c.id == approval_request_table.c.requested_by_id)
            .join(_CREATOR, _CREATOR.c.id == ticket_table.c.created_by_id)
        )
        .where(*wanted)
        .order_by(approval_request_table.c.id)
        .limit(limit + 1)
        .offset(max(0, part.offset))
    )
    rows = desk.db.execute(statement, values).all()
    return Page(rows[:limit], len(rows) > limit)


def count(desk: Desk, query: WaitingQuery) -> int:
    """How many requests wait."""
    start, wanted, values = _waiting(desk, query)
    statement = select(func.count()).select_from(start).where(*wanted)
    return int(desk.db.execute(statement, values).scalar_one())


_LATEST = (
    select(approval_request_table)
    .where(approval_request_table.c.ticket_id == bindparam("ticket_id"))
    .order_by(approval_request_table.c.id.desc())
    .limit(MOST_OF_A_TICKET)
)
_ONE = select(approval_request_table).select_from(
    approval_request_table.join(
        ticket_table, ticket_table.c.id == approval_request_table.c.ticket_id
    )
)
_STEPS = (
    select(approval_step_table)
    .where(approval_step_table.c.request_id.in_(bindparam("ids", expanding=True)))
    .order_by(approval_step_table.c.request_id, approval_step_table.c.ordinal)
)
_ASKS = (
    select(approval_ask_table)
    .join(approval_step_table, approval_step_table.c.id == approval_ask_table.c.step_id)
    .where(approval_step_table.c.request_id.in_(bindparam("ids", expanding=True)))
    .order_by(approval_ask_table.c.id)
)
_PEOPLE = select(
    person_table.c.id, person_table.c.username, person_table.c.first_name, person_table.c.last_name
).where(person_table.c.id.in_(bindparam("ids", expanding=True)))


def of_ticket(desk: Desk, ticket_id: int) -> list[dict[str, Any]]:
    """The approvals of a ticket the actor sees, the latest first (`told` says what of each)."""
    return _told(desk, desk.db.execute(_LATEST, {"ticket_id": ticket_id}).all())


def read(desk: Desk, request_id: int) -> dict[str, Any]:
    """One approval of a ticket the actor sees. Raises `NotFound`."""
    statement = _ONE.where(
        approval_request_table.c.id == bindparam("request_id"), visible(desk.actor)
    )
    rows = desk.db.execute(statement, {"request_id": request_id, **viewer(desk.actor)}).all()
    if not rows:
        raise NotFound("Approval")
    return _told(desk, rows)[0]


def _told(desk: Desk, requests: Sequence[Any]) -> list[dict[str, Any]]:
    """What the actor may know: staff everything; others how far it is, what is asked of them, and
    with the last word its conditions or why not.
    """
    if not requests:
        return []
    ids = {"ids": [row.id for row in requests]}
    steps, asks = desk.db.execute(_STEPS, ids).all(), desk.db.execute(_ASKS, ids).all()
    steps_of, asks_of = defaultdict(list), defaultdict(list)
    for step in steps:
        steps_of[step.request_id].append(step)
    for ask in asks:
        asks_of[ask.step_id].append(ask)
    named = {getattr(row, name) for row in requests for name in NAMED}
    named |= {person for ask in asks for person in (ask.person_id, ask.delegated_by_id)}
    people = {
        row.id: dict(row._mapping)  # noqa: SLF001
        for row in desk.db.execute(_PEOPLE, {"ids": sorted(named - {None})})
    }
    told = []
    for row in requests:
        chain = steps_of[row.id]
        said = [ask for step in chain for ask in asks_of[step.id]]
        told.append(
            _request(row, people, said)
            | {"steps": [_step(step, asks_of[step.id], people) for step in chain]}
        )
    return told if sees_internal(desk.actor) else [_for_others(one) for one in told]


NAMED = ("requested_by_id", "decided_by_id", "info_asked_by_id")


def _request(row: Any, people: dict[int, Any], asks: Sequence[Any]) -> dict[str, Any]:
    conditions = [line for ask in asks for line in ask.conditions]
    against = [ask.comments for ask in asks if ask.state == ApprovalState.REJECTED]
    asks_back = row.state == ApprovalState.INFO_REQUESTED
    return {
        "id": row.id,
        "ticket_id": row.ticket_id,
        "state": row.state,
        "policy": row.policy_name and {"id": row.policy_id, "name": row.policy_name},
        "reason": row.reason,
        "requested_by": people[row.requested_by_id],
        "created_at": row.created_at,
        "question": row.question if asks_back else None,
        "question_by": people.get(row.info_asked_by_id),
        "decided_at": row.decided_at,
        "decided_by": people.get(row.decided_by_id),
        "conditions": conditions if row.state == ApprovalState.APPROVED else [],
        "rejected_because": against[-1] if row.state == ApprovalState.REJECTED else None,
    }


def _step(step: Any, asks: Sequence[Any], people: dict[int, Any]) -> dict[str, Any]:
    return {
        "step": step.ordinal,
        "name": step.name,
        "state": step.state,
        "quorum": QUORUM.get(step.quorum, step.quorum),
        "started_at": step.started_at,
        "due_at": step.due_at,
        "escalated_at": step.escalated_at,
        "decided_at": step.decided_at,
        "asks": [
            {
                "approver": people[ask.person_id],
                "state": ask.state,
                "comments": ask.comments,
                "conditions": ask.conditions,
                "delegated_by": people.get(ask.delegated_by_id),
                "is_escalation": ask.is_escalation,
                "asked_at": ask.asked_at,
                "decided_at": ask.decided_at,
            }
            for ask in asks
        ],
    }


def _for_others(told: dict[str, Any]) -> dict[str, Any]:
    return told | {"reason": None, "steps": [step | {"asks": []} for step in told["steps"]]}

"""Rows for the approval pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ticket_app.core.approvals import listing as approval_listing
from ticket_app.core.approvals.listing import PendingQuery
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import ApprovalState
from ticket_app.core.tickets import ticket_lookup
from ticket_app.ui import routes
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.rows import initials_of, iso_time, person_color_number

PAGE_SIZE = 100
OPEN_STATES = frozenset({ApprovalState.PENDING, ApprovalState.INFO_REQUESTED})


@dataclass(frozen=True)
class WaitingRow:
    """A request that waits for a decision."""

    id: int
    number: str
    title: str
    href: str
    kind: str
    priority: str
    requested_by: str
    requested_by_initials: str
    requested_by_color: int
    reason: str
    step: str
    due: str
    at: str


@dataclass(frozen=True)
class ApproverRow:
    """An approver and their decision."""

    name: str
    initials: str
    color: int
    state: str
    comment: str
    delegated_by: str


@dataclass(frozen=True)
class StepRow:
    """A step of an approval request."""

    name: str
    state: str
    quorum_text: str
    due: str
    approvers: list[ApproverRow] = field(default_factory=list)


@dataclass(frozen=True)
class ApprovalStatus:
    """The pending approval of a ticket; `id` is 0 if there is none."""

    id: int = 0
    ticket_id: int = 0
    title: str = ""
    reason: str = ""
    question: str = ""
    requested_by: str = ""
    at: str = ""
    is_my_decision: bool = False
    can_cancel: bool = False
    steps: list[StepRow] = field(default_factory=list)


def _full_name(person: Mapping[str, object] | None) -> str:
    if not person:
        return ""
    return f"{person['first_name']} {person['last_name']}".strip() or str(person["username"])


def waiting_rows(uow: UnitOfWork) -> list[WaitingRow]:
    """Return the first `PAGE_SIZE` requests that wait for the actor's decision, oldest first."""
    uow.actor.require("work_tickets", "work on tickets")
    found = approval_listing.list_pending(uow, PendingQuery(), PageRequest(PAGE_SIZE))
    rows = []
    for row in found.rows:
        requested_by = f"{row.asker_first_name} {row.asker_last_name}".strip() or row.asker_username
        rows.append(
            WaitingRow(
                id=row.id,
                number=ticket_numbers.format_key(row),
                title=row.title,
                href=routes.desk_ticket(ticket_numbers.format_key(row)),
                kind=row.kind,
                priority=row.priority,
                requested_by=requested_by,
                requested_by_initials=initials_of(requested_by),
                requested_by_color=person_color_number(row.asker_username),
                reason=(row.reason or "")[:300],
                step="" if row.step_name == "Approval" else row.step_name or "",
                due=iso_time(row.due_at),
                at=iso_time(row.created_at),
            )
        )
    return rows


def count_waiting_for_me(uow: UnitOfWork) -> int:
    """Return how many decisions wait for the actor."""
    return approval_listing.count_pending(uow, PendingQuery())


def load_approval_status(uow: UnitOfWork, reference: str) -> ApprovalStatus:
    """Return the pending approval of a ticket, if it has one."""
    uow.actor.require("work_tickets", "work on tickets")
    try:
        ticket = ticket_lookup.read_ticket(uow, reference, "summary")
    except NotFound:
        return ApprovalStatus()
    requests = approval_listing.list_ticket_requests(uow, ticket.id)
    latest = requests[0] if requests else None
    if latest is None or latest["state"] not in OPEN_STATES:
        return ApprovalStatus(ticket_id=ticket.id)
    policy = latest["policy"]
    me = uow.actor.username
    is_my_decision = any(
        ask["approver"]["username"] == me and ask["state"] == ApprovalState.PENDING
        for step in latest["steps"]
        if step["state"] == ApprovalState.PENDING
        for ask in step["asks"]
    )
    return ApprovalStatus(
        id=latest["id"],
        ticket_id=ticket.id,
        title=policy["name"] if policy else texts.APPROVAL_TITLE,
        reason=latest["reason"] or "",
        question=latest["question"] or "",
        requested_by=_full_name(latest["requested_by"]),
        at=iso_time(latest["created_at"]),
        is_my_decision=is_my_decision,
        can_cancel=latest["requested_by"]["username"] == me or uow.actor.can("set_up"),
        steps=[_step_row(step) for step in latest["steps"]],
    )


def _step_row(step: Mapping[str, Any]) -> StepRow:
    active_requests = [ask for ask in step["asks"] if ask["state"] != ApprovalState.DELEGATED]
    quorum = step["quorum"]
    quorum_text = {"any": texts.APPROVAL_ANY_APPROVER, "all": texts.APPROVAL_ALL_APPROVERS}.get(
        str(quorum), texts.approval_quorum(quorum)
    )
    return StepRow(
        name=step["name"] or texts.approval_step(step["step"]),
        state=step["state"],
        quorum_text=quorum_text if len(active_requests) > 1 else "",
        due=iso_time(step["due_at"]),
        approvers=[
            ApproverRow(
                name=_full_name(ask["approver"]),
                initials=initials_of(_full_name(ask["approver"])),
                color=person_color_number(ask["approver"]["username"]),
                state=ask["state"],
                comment=ask["comments"] or "",
                delegated_by=_full_name(ask["delegated_by"]),
            )
            for ask in step["asks"]
        ],
    )

"""Approvals as the pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ticket_app.core.approvals import listing as approval_listing
from ticket_app.core.approvals.listing import WaitingQuery
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.paging import Slice
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import ApprovalState
from ticket_app.core.tickets import ticket_list
from ticket_app.ui import routes
from ticket_app.ui.rows import color_of, initials_of, moment

PAGE = 100
OPEN = frozenset({ApprovalState.PENDING, ApprovalState.INFO_REQUESTED})


@dataclass(frozen=True)
class WaitingRow:
    """One request that waits for a decision, on one line."""

    id: int
    number: str
    title: str
    href: str
    kind: str
    priority: str
    asker: str
    asker_initials: str
    asker_color: int
    reason: str
    step: str
    due: str
    at: str


@dataclass(frozen=True)
class AskRow:
    """One approver, and what they said."""

    name: str
    initials: str
    color: int
    state: str
    said: str
    delegated_by: str


@dataclass(frozen=True)
class StepRow:
    """One step of an approval."""

    name: str
    state: str
    needs: str
    due: str
    asks: list[AskRow] = field(default_factory=list)


@dataclass(frozen=True)
class Standing:
    """How the approval of a ticket stands; `id` is 0 where none is under way."""

    id: int = 0
    ticket_id: int = 0
    title: str = ""
    reason: str = ""
    question: str = ""
    asker: str = ""
    at: str = ""
    is_mine: bool = False
    may_cancel: bool = False
    steps: list[StepRow] = field(default_factory=list)


def _full(person: Mapping[str, Any] | None) -> str:
    if not person:
        return ""
    return f"{person['first_name']} {person['last_name']}".strip() or str(person["username"])


def waiting_rows(desk: Desk) -> list[WaitingRow]:
    """What waits for the actor's decision, the longest waiting first."""
    desk.actor.must("work_tickets", "work on the desk")
    found = approval_listing.waiting(desk, WaitingQuery(), Slice(PAGE))
    rows = []
    for row in found.rows:
        asker = f"{row.asker_first_name} {row.asker_last_name}".strip() or row.asker_username
        rows.append(
            WaitingRow(
                id=row.id,
                number=ticket_numbers.key(row),
                title=row.title,
                href=routes.desk_ticket(ticket_numbers.key(row)),
                kind=row.kind,
                priority=row.priority,
                asker=asker,
                asker_initials=initials_of(asker),
                asker_color=color_of(row.asker_username),
                reason=(row.reason or "")[:300],
                step="" if row.step_name == "Approval" else row.step_name or "",
                due=moment(row.due_at),
                at=moment(row.created_at),
            )
        )
    return rows


def waits_for_me(desk: Desk) -> int:
    """How many decisions wait for the actor."""
    return approval_listing.count(desk, WaitingQuery())


def standing(desk: Desk, reference: str) -> Standing:
    """How the approval of a ticket stands, if one is under way."""
    desk.actor.must("work_tickets", "work on the desk")
    try:
        ticket = ticket_list.read(desk, reference, "line")
    except NotFound:
        return Standing()
    told = approval_listing.of_ticket(desk, ticket.id)
    latest = told[0] if told else None
    if latest is None or latest["state"] not in OPEN:
        return Standing(ticket_id=ticket.id)
    policy = latest["policy"]
    me = desk.actor.username
    is_asked = any(
        ask["approver"]["username"] == me and ask["state"] == ApprovalState.PENDING
        for step in latest["steps"]
        if step["state"] == ApprovalState.PENDING
        for ask in step["asks"]
    )
    return Standing(
        id=latest["id"],
        ticket_id=ticket.id,
        title=policy["name"] if policy else "Approval",
        reason=latest["reason"] or "",
        question=latest["question"] or "",
        asker=_full(latest["requested_by"]),
        at=moment(latest["created_at"]),
        is_mine=is_asked,
        may_cancel=latest["requested_by"]["username"] == me or desk.actor.may("set_up"),
        steps=[_step(step) for step in latest["steps"]],
    )


def _step(step: Mapping[str, Any]) -> StepRow:
    asked = [ask for ask in step["asks"] if ask["state"] != ApprovalState.DELEGATED]
    quorum = step["quorum"]
    needs = {"any": "any of them", "all": "all of them"}.get(str(quorum), f"{quorum} of them")
    return StepRow(
        name=step["name"] or f"Step {step['step']}",
        state=step["state"],
        needs=needs if len(asked) > 1 else "",
        due=moment(step["due_at"]),
        asks=[
            AskRow(
                name=_full(ask["approver"]),
                initials=initials_of(_full(ask["approver"])),
                color=color_of(ask["approver"]["username"]),
                state=ask["state"],
                said=ask["comments"] or "",
                delegated_by=_full(ask["delegated_by"]),
            )
            for ask in step["asks"]
        ],
    )

"""Approvals: what is said to them, and how they are told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, StrictStr
from pydantic import Field as Bounded
from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.policy_shapes import Id, Quorum
from ticket_app.api.dialects.enterprise.shapes import (
    DepartmentBrief,
    KindWord,
    PersonBrief,
    PriorityWord,
    StatusWord,
)
from ticket_app.api.dialects.enterprise.vocabulary import KIND, PRIORITY, STATUS
from ticket_app.core.approvals.approvers import MOST_NAMED
from ticket_app.core.approvals.decisions import (
    LONGEST_COMMENTS,
    LONGEST_CONDITION,
    MOST_AT_ONCE,
    MOST_CONDITIONS,
    Result,
)
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.vocabulary import ApprovalAction, ApprovalState

StateWord = Annotated[str, Bounded(json_schema_extra={"enum": [str(one) for one in ApprovalState]})]
Comments = Annotated[StrictStr, Bounded(max_length=LONGEST_COMMENTS)]
Condition = Annotated[StrictStr, Bounded(min_length=1, max_length=LONGEST_CONDITION)]


class NewApproval(BaseModel):
    """Ask for approval: by a policy, or of people named, or as the desk would."""

    reason: Comments | None = None
    policy_id: Id | None = None
    approver_ids: Annotated[list[Id], Bounded(max_length=MOST_NAMED)] = []


class ApprovalDeed(BaseModel):
    """Process Approval; `delegate_to_id` goes with delegate, `conditions` with approve."""

    action: ApprovalAction
    comments: Comments | None = None
    conditions: Annotated[list[Condition], Bounded(max_length=MOST_CONDITIONS)] | None = None
    delegate_to_id: Id | None = None

    def deed(self) -> dict[str, Any]:
        """The same for the core."""
        return {
            "action": self.action,
            "comments": self.comments,
            "conditions": self.conditions or [],
            "delegate_to_id": self.delegate_to_id,
        }


class BulkDeed(ApprovalDeed):
    """Bulk Approval."""

    approval_ids: Annotated[list[Id], Bounded(min_length=1, max_length=MOST_AT_ONCE)]


class PolicyBrief(TypedDict):
    """The policy an approval goes by; without an id, one that is there no more."""

    id: int | None
    name: str


class Ask(TypedDict):
    """What one approver was asked, and said."""

    approver: PersonBrief
    state: StateWord
    comments: str | None
    conditions: list[str]
    delegated_by: PersonBrief | None
    is_escalation: bool
    asked_at: datetime
    decided_at: datetime | None


class Step(TypedDict):
    """One step of an approval; who was asked in it is told to staff."""

    step: int
    name: str
    state: StateWord
    quorum: Quorum
    started_at: datetime | None
    due_at: datetime | None
    escalated_at: datetime | None
    decided_at: datetime | None
    asks: list[Ask]


class Approval(TypedDict):
    """An approval and how it stands."""

    id: int
    ticket_id: int
    state: StateWord
    policy: PolicyBrief | None
    reason: str | None
    requested_by: PersonBrief
    created_at: datetime
    question: str | None
    question_by: PersonBrief | None
    decided_at: datetime | None
    decided_by: PersonBrief | None
    conditions: list[str]
    rejected_because: str | None
    steps: list[Step]


class TicketBrief(TypedDict):
    """The ticket that waits."""

    id: int
    ticket_number: str
    title: str
    status: StatusWord
    priority: PriorityWord
    ticket_type: KindWord
    department_id: int | None
    department: DepartmentBrief | None
    created_by_id: int
    created_by: PersonBrief
    created_at: datetime


class CurrentStep(TypedDict):
    """The step that is to be decided."""

    step: int
    name: str
    due_at: datetime | None


class PendingApproval(TypedDict):
    """List Pending Approvals, one of them."""

    id: int
    ticket_id: int
    state: StateWord
    policy: PolicyBrief | None
    reason: str | None
    requested_by_id: int
    requested_by: PersonBrief
    created_at: datetime
    due_date: datetime | None
    current_step: CurrentStep
    ticket: TicketBrief


def pending(row: Any) -> PendingApproval:
    """List Pending Approvals, one of them."""
    department: DepartmentBrief = {"id": row.department_id, "name": row.department_name}
    return {
        "id": row.id,
        "ticket_id": row.ticket_id,
        "state": row.state,
        "policy": row.policy_name and {"id": row.policy_id, "name": row.policy_name},
        "reason": row.reason,
        "requested_by_id": row.requested_by_id,
        "requested_by": _person(row, row.requested_by_id, "asker"),
        "created_at": row.created_at,
        "due_date": row.due_at,
        "current_step": {"step": row.ordinal, "name": row.step_name, "due_at": row.due_at},
        "ticket": {
            "id": row.ticket_id,
            "ticket_number": ticket_numbers.day_number(row),
            "title": row.title,
            "status": STATUS.say(row.status),
            "priority": PRIORITY.say(row.priority),
            "ticket_type": KIND.say(row.kind),
            "department_id": row.department_id,
            "department": department if row.department_id else None,
            "created_by_id": row.created_by_id,
            "created_by": _person(row, row.created_by_id, "creator"),
            "created_at": row.ticket_created_at,
        },
    }


def _person(row: Any, person_id: int, whose: str) -> PersonBrief:
    return {
        "id": person_id,
        "username": getattr(row, f"{whose}_username"),
        "first_name": getattr(row, f"{whose}_first_name"),
        "last_name": getattr(row, f"{whose}_last_name"),
    }


class Refusal(TypedDict):
    """Why nothing was done, by the document's codes."""

    code: str
    message: str


class BulkResult(TypedDict):
    """What became of one approval."""

    approval_id: int
    success: bool
    state: StateWord | None
    error: Refusal | None


class BulkResults(TypedDict):
    """Bulk Approval: a result for each id, in the order named."""

    results: list[BulkResult]
    total: int
    succeeded: int
    failed: int


def bulk(results: Sequence[Result], refusals: Sequence[Refusal | None]) -> BulkResults:
    """Bulk Approval; `refusals` go with the results."""
    done = sum(result.error is None for result in results)
    return {
        "results": [
            {
                "approval_id": result.request_id,
                "success": result.error is None,
                "state": result.state,
                "error": refusal,
            }
            for result, refusal in zip(results, refusals, strict=True)
        ],
        "total": len(results),
        "succeeded": done,
        "failed": len(results) - done,
    }

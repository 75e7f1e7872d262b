"""Request and response bodies of approvals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, StrictStr
from pydantic import Field as Bounded
from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.approvals.policy_schemas import Quorum
from ticket_app.api.dialects.enterprise.data_models import (
    DepartmentSummary,
    PriorityValue,
    StatusValue,
    TicketTypeValue,
    UserSummary,
)
from ticket_app.api.dialects.enterprise.vocabulary import KIND, PRIORITY, STATUS
from ticket_app.api.kit.fields import StrictId
from ticket_app.core.approvals.approvers import MAX_NAMED_PEOPLE
from ticket_app.core.approvals.decision_actions import (
    MAX_COMMENTS_LENGTH,
    MAX_CONDITION_LENGTH,
    MAX_CONDITIONS,
)
from ticket_app.core.approvals.decisions import MAX_BULK_REQUESTS, BulkActionResult
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.vocabulary import ApprovalAction, ApprovalState

ApprovalStateValue = Annotated[
    str, Bounded(json_schema_extra={"enum": [str(one) for one in ApprovalState]})
]
ApprovalComments = Annotated[StrictStr, Bounded(max_length=MAX_COMMENTS_LENGTH)]
Condition = Annotated[StrictStr, Bounded(min_length=1, max_length=MAX_CONDITION_LENGTH)]


class NewApproval(BaseModel):
    """Request approval by a policy, from named people, or from the default approvers."""

    reason: ApprovalComments | None = None
    policy_id: StrictId | None = None
    approver_ids: Annotated[list[StrictId], Bounded(max_length=MAX_NAMED_PEOPLE)] = []


class ApprovalActionBody(BaseModel):
    """Process Approval; `delegate_to_id` goes with delegate, `conditions` with approve."""

    action: ApprovalAction
    comments: ApprovalComments | None = None
    conditions: Annotated[list[Condition], Bounded(max_length=MAX_CONDITIONS)] | None = None
    delegate_to_id: StrictId | None = None

    def to_arguments(self) -> dict[str, Any]:
        """Return the decision for the core."""
        return {
            "action": self.action,
            "comments": self.comments,
            "conditions": self.conditions or [],
            "delegate_to_id": self.delegate_to_id,
        }


class BulkApprovalBody(ApprovalActionBody):
    """Bulk Approval."""

    approval_ids: Annotated[list[StrictId], Bounded(min_length=1, max_length=MAX_BULK_REQUESTS)]


class PolicySummary(TypedDict):
    """The policy of an approval; without an id if it was deleted."""

    id: int | None
    name: str


class ApproverDecision(TypedDict):
    """An approver and their decision."""

    approver: UserSummary
    state: ApprovalStateValue
    comments: str | None
    conditions: list[str]
    delegated_by: UserSummary | None
    is_escalation: bool
    asked_at: datetime
    decided_at: datetime | None


class ApprovalStep(TypedDict):
    """One step of an approval; only staff see its approvers."""

    step: int
    name: str
    state: ApprovalStateValue
    quorum: Quorum
    started_at: datetime | None
    due_at: datetime | None
    escalated_at: datetime | None
    decided_at: datetime | None
    asks: list[ApproverDecision]


class Approval(TypedDict):
    """An approval and its state."""

    id: int
    ticket_id: int
    state: ApprovalStateValue
    policy: PolicySummary | None
    reason: str | None
    requested_by: UserSummary
    created_at: datetime
    question: str | None
    question_by: UserSummary | None
    decided_at: datetime | None
    decided_by: UserSummary | None
    conditions: list[str]
    rejected_because: str | None
    steps: list[ApprovalStep]


class TicketSummary(TypedDict):
    """The ticket that needs approval."""

    id: int
    ticket_number: str
    title: str
    status: StatusValue
    priority: PriorityValue
    ticket_type: TicketTypeValue
    department_id: int | None
    department: DepartmentSummary | None
    created_by_id: int
    created_by: UserSummary
    created_at: datetime


class CurrentStep(TypedDict):
    """The step that has to be decided next."""

    step: int
    name: str
    due_at: datetime | None


class PendingApproval(TypedDict):
    """An item of List Pending Approvals."""

    id: int
    ticket_id: int
    state: ApprovalStateValue
    policy: PolicySummary | None
    reason: str | None
    requested_by_id: int
    requested_by: UserSummary
    created_at: datetime
    due_date: datetime | None
    current_step: CurrentStep
    ticket: TicketSummary


def format_pending_approval(row: Any) -> PendingApproval:
    """Format an item of List Pending Approvals."""
    department: DepartmentSummary = {"id": row.department_id, "name": row.department_name}
    return {
        "id": row.id,
        "ticket_id": row.ticket_id,
        "state": row.state,
        "policy": row.policy_name and {"id": row.policy_id, "name": row.policy_name},
        "reason": row.reason,
        "requested_by_id": row.requested_by_id,
        "requested_by": _format_user(row, row.requested_by_id, "asker"),
        "created_at": row.created_at,
        "due_date": row.due_at,
        "current_step": {"step": row.ordinal, "name": row.step_name, "due_at": row.due_at},
        "ticket": {
            "id": row.ticket_id,
            "ticket_number": ticket_numbers.format_enterprise_number(row),
            "title": row.title,
            "status": STATUS.format(row.status),
            "priority": PRIORITY.format(row.priority),
            "ticket_type": KIND.format(row.kind),
            "department_id": row.department_id,
            "department": department if row.department_id else None,
            "created_by_id": row.created_by_id,
            "created_by": _format_user(row, row.created_by_id, "creator"),
            "created_at": row.ticket_created_at,
        },
    }


def _format_user(row: object, person_id: int, column_prefix: str) -> UserSummary:
    return {
        "id": person_id,
        "username": getattr(row, f"{column_prefix}_username"),
        "first_name": getattr(row, f"{column_prefix}_first_name"),
        "last_name": getattr(row, f"{column_prefix}_last_name"),
    }


class BulkError(TypedDict):
    """Why a decision failed, with the document's error codes."""

    code: str
    message: str


class BulkResult(TypedDict):
    """The result for one approval."""

    approval_id: int
    success: bool
    state: ApprovalStateValue | None
    error: BulkError | None


class BulkResults(TypedDict):
    """Bulk Approval: one result per id, in the same order."""

    results: list[BulkResult]
    total: int
    succeeded: int
    failed: int


def format_bulk_results(
    results: Sequence[BulkActionResult], errors: Sequence[BulkError | None]
) -> BulkResults:
    """Format the response of Bulk Approval; `errors` holds the error of each result, or None."""
    succeeded = sum(result.error is None for result in results)
    return {
        "results": [
            {
                "approval_id": result.request_id,
                "success": result.error is None,
                "state": result.state,
                "error": error,
            }
            for result, error in zip(results, errors, strict=True)
        ],
        "total": len(results),
        "succeeded": succeeded,
        "failed": len(results) - succeeded,
    }

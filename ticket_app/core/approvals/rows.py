"""Pending approval requests as rows, and approval requests as the actor may see them."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypedDict


class PendingRequestRow:
    """A pending approval request with its current step and its ticket."""

    id: int
    ticket_id: int
    state: str
    policy_id: int | None
    policy_name: str | None
    reason: str | None
    requested_by_id: int
    created_at: datetime
    ordinal: int
    step_name: str
    due_at: datetime | None
    key_prefix: str
    key_number: int
    opened_on: date
    day_number: int
    title: str
    status: str
    priority: str
    kind: str
    department_id: int | None
    ticket_created_at: datetime
    created_by_id: int
    department_name: str | None
    asker_username: str
    asker_first_name: str
    asker_last_name: str
    creator_username: str
    creator_first_name: str
    creator_last_name: str


class ApprovalPerson(TypedDict):
    """A person in an approval request."""

    id: int
    username: str
    first_name: str
    last_name: str


class ApprovalPolicyName(TypedDict):
    """The policy that demanded an approval; `id` is None once the policy has been deleted."""

    id: int | None
    name: str


class ApproverView(TypedDict):
    """An approver of a step, and what they decided."""

    approver: ApprovalPerson
    state: str
    comments: str | None
    conditions: list[str]
    delegated_by: ApprovalPerson | None
    is_escalation: bool
    asked_at: datetime
    decided_at: datetime | None


class ApprovalStepView(TypedDict):
    """A step of an approval request; `quorum` is "all", "any" or a number."""

    step: int
    name: str
    state: str
    quorum: str | int
    started_at: datetime | None
    due_at: datetime | None
    escalated_at: datetime | None
    decided_at: datetime | None
    asks: list[ApproverView]


class ApprovalView(TypedDict):
    """An approval request as the actor may see it."""

    id: int
    ticket_id: int
    state: str
    policy: ApprovalPolicyName | None
    reason: str | None
    requested_by: ApprovalPerson
    created_at: datetime
    question: str | None
    question_by: ApprovalPerson | None
    decided_at: datetime | None
    decided_by: ApprovalPerson | None
    conditions: list[str]
    rejected_because: str | None
    steps: list[ApprovalStepView]

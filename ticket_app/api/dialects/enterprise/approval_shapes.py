"""Approvals: what goes in and what comes out of them and of the policies that demand them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StrictBool,
    StrictInt,
    StrictStr,
    WithJsonSchema,
)
from pydantic import Field as Bounded
from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.shapes import (
    DepartmentBrief,
    KindWord,
    PersonBrief,
    PriorityWord,
    StatusWord,
)
from ticket_app.api.dialects.enterprise.vocabulary import KIND, PRIORITY, STATUS
from ticket_app.core import numbering
from ticket_app.core.approval_decisions import (
    LONGEST_COMMENTS,
    LONGEST_CONDITION,
    MOST_AT_ONCE,
    MOST_CONDITIONS,
    Result,
)
from ticket_app.core.approval_policies import (
    ALL,
    ANY,
    LAST_RANK,
    MOST_DEPARTMENTS,
    MOST_HOURS,
    MOST_STEPS,
    QUORUM,
    PolicyDraft,
    StepPlan,
    draft_of,
)
from ticket_app.core.approvers import MOST_ASKED, MOST_NAMED, Approvers
from ticket_app.core.words import ApprovalAction, ApprovalState, Role

StateWord = Annotated[str, Bounded(json_schema_extra={"enum": [str(one) for one in ApprovalState]})]
WORKING = [role for role in Role if role.is_staff]
RoleWord = Literal["agent", "manager", "admin", "super_admin"]
Id = Annotated[StrictInt, Bounded(ge=1, le=numbering.LARGEST_ID)]
Comments = Annotated[StrictStr, Bounded(max_length=LONGEST_COMMENTS)]
Condition = Annotated[StrictStr, Bounded(min_length=1, max_length=LONGEST_CONDITION)]


def _quorum(value: Any) -> int:
    if isinstance(value, str) and value in QUORUM_OF:
        return QUORUM_OF[value]
    if type(value) is int and ANY <= value <= MOST_ASKED:
        return value
    raise ValueError(f"must be any, all, or a number from {ANY} to {MOST_ASKED}")


QUORUM_OF = {"any": ANY, "all": ALL}
Quorum = Annotated[
    Any,
    BeforeValidator(_quorum),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "enum": ["any", "all"]},
                {"type": "integer", "minimum": ANY, "maximum": MOST_ASKED},
            ]
        }
    ),
]


class Strict(BaseModel):
    """A body whose every field is known: a policy must not say less than its writer thinks."""

    model_config = ConfigDict(extra="forbid")


class ApproverSet(Strict):
    """Who is asked: people by id, everybody of a role, the manager of the ticket's department."""

    user_ids: Annotated[list[Id], Bounded(max_length=MOST_NAMED)] = []
    roles: Annotated[list[RoleWord], Bounded(max_length=len(WORKING))] = []
    department_manager: StrictBool = False

    def meant(self) -> Approvers:
        """The same for the core."""
        return Approvers(
            tuple(self.user_ids), tuple(map(Role, self.roles)), self.department_manager
        )


class PolicyStep(Strict):
    """One step: `quorum` is any, all, or how many must agree; past its time it escalates."""

    name: Annotated[StrictStr, Bounded(max_length=120)] = ""
    approvers: ApproverSet
    quorum: Annotated[Quorum, Bounded(validate_default=True)] = "any"
    time_limit_hours: Annotated[float, Bounded(strict=True, gt=0, le=MOST_HOURS)] | None = None
    escalates_to: ApproverSet | None = None

    def plan(self) -> StepPlan:
        """The same for the core."""
        return StepPlan(
            self.approvers.meant(),
            self.name,
            self.quorum,
            self.time_limit_hours,
            self.escalates_to and self.escalates_to.meant(),
        )


Steps = Annotated[list[PolicyStep], Bounded(min_length=1, max_length=MOST_STEPS)]
Kinds = Annotated[list[KindWord], Bounded(max_length=20)]
Priorities = Annotated[list[PriorityWord], Bounded(max_length=20)]
Departments = Annotated[list[Id], Bounded(max_length=MOST_DEPARTMENTS)]
Rank = Annotated[StrictInt, Bounded(ge=0, le=LAST_RANK)]
Name = Annotated[StrictStr, Bounded(min_length=1, max_length=120)]


class NewPolicy(Strict):
    """When approval is needed (an empty list means any), and its steps; the lowest rank counts."""

    name: Name
    steps: Steps
    ticket_types: Kinds = []
    priorities: Priorities = []
    department_ids: Departments = []
    allows_own: StrictBool = False
    is_active: StrictBool = True
    rank: Rank = 100

    def draft(self) -> PolicyDraft:
        """The policy this body means. Raises `Invalid`."""
        return PolicyDraft(**_columns(self))


class PolicyChange(Strict):
    """What a policy is to say instead: whatever of it is sent."""

    name: Name = ""
    steps: Steps = []
    ticket_types: Kinds = []
    priorities: Priorities = []
    department_ids: Departments = []
    allows_own: StrictBool = False
    is_active: StrictBool = True
    rank: Rank = 100

    def changes(self) -> dict[str, Any]:
        """What is to change, in the core's names. Raises `Invalid`."""
        return _columns(self)


def _columns(body: NewPolicy | PolicyChange) -> dict[str, Any]:
    told: dict[str, Any] = {name: getattr(body, name) for name in body.model_fields_set}
    if "steps" in told:
        told["steps"] = tuple(step.plan() for step in body.steps)
    for name, words in (("ticket_types", KIND), ("priorities", PRIORITY)):
        if name in told:
            covered = [words.covers(word, name) for word in told[name]]
            told[name] = tuple(sorted({one for few in covered for one in few}))
    if "ticket_types" in told:
        told["kinds"] = told.pop("ticket_types")
    if "department_ids" in told:
        told["department_ids"] = tuple(told["department_ids"])
    return told


class ToldApprovers(TypedDict):
    """Who is asked."""

    user_ids: list[int]
    roles: list[str]
    department_manager: bool


class ToldStep(TypedDict):
    """One step of a policy."""

    step: int
    name: str
    approvers: ToldApprovers
    quorum: Quorum
    time_limit_hours: float | None
    escalates_to: ToldApprovers | None


class Policy(TypedDict):
    """When approval is needed, and the steps it takes."""

    id: int
    name: str
    rank: int
    ticket_types: list[KindWord]
    priorities: list[PriorityWord]
    department_ids: list[int]
    allows_own: bool
    is_active: bool
    steps: list[ToldStep]
    created_at: datetime
    updated_at: datetime


def policy(row: Any) -> Policy:
    """A policy; its words cover what the document has no word of its own for."""
    draft = draft_of(row)
    return {
        "id": row.id,
        "name": draft.name,
        "rank": draft.rank,
        "ticket_types": list(dict.fromkeys(map(KIND.say, draft.kinds))),
        "priorities": list(dict.fromkeys(map(PRIORITY.say, draft.priorities))),
        "department_ids": list(draft.department_ids),
        "allows_own": draft.allows_own,
        "is_active": draft.is_active,
        "steps": [
            {
                "step": n,
                "name": step.name,
                "approvers": _approvers(step.approvers),
                "quorum": QUORUM.get(step.quorum, step.quorum),
                "time_limit_hours": step.hours,
                "escalates_to": step.escalates_to and _approvers(step.escalates_to),
            }
            for n, step in enumerate(draft.steps, start=1)
        ],
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def _approvers(meant: Approvers) -> ToldApprovers:
    return {
        "user_ids": list(meant.people),
        "roles": list(map(str, meant.roles)),
        "department_manager": meant.department_manager,
    }


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
            "ticket_number": numbering.day_number(row),
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

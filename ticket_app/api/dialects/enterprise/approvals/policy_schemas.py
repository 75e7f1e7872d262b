"""Request and response bodies of approval policies."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    StrictBool,
    StrictInt,
    StrictStr,
    WithJsonSchema,
)
from pydantic import Field as Bounded
from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.data_models import PriorityValue, TicketTypeValue
from ticket_app.api.dialects.enterprise.vocabulary import KIND, PRIORITY
from ticket_app.api.kit.dates import InvalidValue
from ticket_app.api.kit.fields import StrictBody, StrictId
from ticket_app.core.approvals.approvers import (
    MAX_APPROVERS_PER_STEP,
    MAX_NAMED_PEOPLE,
    ApproverSelection,
)
from ticket_app.core.approvals.policies import (
    MAX_DEPARTMENTS,
    MAX_HOURS,
    MAX_RANK,
    MAX_STEPS,
    QUORUM_ALL,
    QUORUM_ANY,
    QUORUM_NAMES,
    PolicyDraft,
    StepPlan,
    draft_from_policy,
)
from ticket_app.core.platform.errors import Reason
from ticket_app.core.platform.vocabulary import Role


def _parse_quorum(value: object) -> int:
    if isinstance(value, str) and value in QUORUM_VALUES:
        return QUORUM_VALUES[value]
    if type(value) is int and QUORUM_ANY <= value <= MAX_APPROVERS_PER_STEP:
        return value
    raise InvalidValue(
        Reason(f"must be any, all, or a number from {QUORUM_ANY} to {MAX_APPROVERS_PER_STEP}")
    )


QUORUM_VALUES = {"any": QUORUM_ANY, "all": QUORUM_ALL}
Quorum = Annotated[
    int | str,
    BeforeValidator(_parse_quorum),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "enum": ["any", "all"]},
                {"type": "integer", "minimum": QUORUM_ANY, "maximum": MAX_APPROVERS_PER_STEP},
            ]
        }
    ),
]


class ApproversBody(StrictBody):
    """The approvers: people by id, all who have a role, or the manager of the department."""

    user_ids: Annotated[list[StrictId], Bounded(max_length=MAX_NAMED_PEOPLE)] = []
    roles: Annotated[list[Role], Bounded(max_length=len(Role))] = []
    department_manager: StrictBool = False

    def to_approvers(self) -> ApproverSelection:
        """Return the approvers for the core."""
        return ApproverSelection(tuple(self.user_ids), tuple(self.roles), self.department_manager)


class PolicyStepBody(StrictBody):
    """One step: `quorum` is any, all or a number; when its time is up, it escalates."""

    name: Annotated[StrictStr, Bounded(max_length=120)] = ""
    approvers: ApproversBody
    quorum: Annotated[Quorum, Bounded(validate_default=True)] = "any"
    time_limit_hours: Annotated[float, Bounded(strict=True, gt=0, le=MAX_HOURS)] | None = None
    escalates_to: ApproversBody | None = None

    def to_plan(self) -> StepPlan:
        """Return the step for the core."""
        return StepPlan(
            self.approvers.to_approvers(),
            self.name,
            int(self.quorum),
            self.time_limit_hours,
            self.escalates_to and self.escalates_to.to_approvers(),
        )


Steps = Annotated[list[PolicyStepBody], Bounded(min_length=1, max_length=MAX_STEPS)]
TicketTypes = Annotated[list[TicketTypeValue], Bounded(max_length=20)]
Priorities = Annotated[list[PriorityValue], Bounded(max_length=20)]
Departments = Annotated[list[StrictId], Bounded(max_length=MAX_DEPARTMENTS)]
Rank = Annotated[StrictInt, Bounded(ge=0, le=MAX_RANK)]
Name = Annotated[StrictStr, Bounded(min_length=1, max_length=120)]


class NewPolicy(StrictBody):
    """When approval is needed (an empty list matches any), and its steps; lowest rank first."""

    name: Name
    steps: Steps
    ticket_types: TicketTypes = []
    priorities: Priorities = []
    department_ids: Departments = []
    allows_own: StrictBool = False
    is_active: StrictBool = True
    rank: Rank = 100

    def to_draft(self) -> PolicyDraft:
        """Return the policy to create. Raises `Invalid`."""
        return PolicyDraft(**_to_core_fields(self))


class PolicyUpdate(StrictBody):
    """Update a policy: any of these fields."""

    name: Name = ""
    steps: Steps = []
    ticket_types: TicketTypes = []
    priorities: Priorities = []
    department_ids: Departments = []
    allows_own: StrictBool = False
    is_active: StrictBool = True
    rank: Rank = 100

    def to_changes(self) -> dict[str, object]:
        """Return the changes by core field name. Raises `Invalid`."""
        return _to_core_fields(self)


def _to_core_fields(body: NewPolicy | PolicyUpdate) -> dict[str, Any]:
    fields: dict[str, Any] = {name: getattr(body, name) for name in body.model_fields_set}
    if "steps" in fields:
        fields["steps"] = tuple(step.to_plan() for step in body.steps)
    for name, vocabulary in (("ticket_types", KIND), ("priorities", PRIORITY)):
        if name in fields:
            value_sets = [vocabulary.expand(word, name) for word in fields[name]]
            fields[name] = tuple(sorted({value for values in value_sets for value in values}))
    if "ticket_types" in fields:
        fields["kinds"] = fields.pop("ticket_types")
    if "department_ids" in fields:
        fields["department_ids"] = tuple(fields["department_ids"])
    return fields


class ApproversData(TypedDict):
    """The approvers."""

    user_ids: list[int]
    roles: list[str]
    department_manager: bool


class PolicyStepData(TypedDict):
    """One step of a policy."""

    step: int
    name: str
    approvers: ApproversData
    quorum: Quorum
    time_limit_hours: float | None
    escalates_to: ApproversData | None


class Policy(TypedDict):
    """When approval is needed, and its steps."""

    id: int
    name: str
    rank: int
    ticket_types: list[TicketTypeValue]
    priorities: list[PriorityValue]
    department_ids: list[int]
    allows_own: bool
    is_active: bool
    steps: list[PolicyStepData]
    created_at: datetime
    updated_at: datetime


def format_policy(row: Any) -> Policy:
    """Format a policy; core values without a word of their own use the closest word."""
    draft = draft_from_policy(row)
    return {
        "id": row.id,
        "name": draft.name,
        "rank": draft.rank,
        "ticket_types": list(dict.fromkeys(map(KIND.format, draft.kinds))),
        "priorities": list(dict.fromkeys(map(PRIORITY.format, draft.priorities))),
        "department_ids": list(draft.department_ids),
        "allows_own": draft.allows_own,
        "is_active": draft.is_active,
        "steps": [
            {
                "step": n,
                "name": step.name,
                "approvers": _format_approvers(step.approvers),
                "quorum": QUORUM_NAMES.get(step.quorum, step.quorum),
                "time_limit_hours": step.hours,
                "escalates_to": step.escalates_to and _format_approvers(step.escalates_to),
            }
            for n, step in enumerate(draft.steps, start=1)
        ],
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def _format_approvers(approvers: ApproverSelection) -> ApproversData:
    return {
        "user_ids": list(approvers.person_ids),
        "roles": list(map(str, approvers.roles)),
        "department_manager": approvers.includes_department_manager,
    }

"""Policies: when approval is needed, as they are written and told."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

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

from ticket_app.api.dialects.enterprise.shapes import KindWord, PriorityWord
from ticket_app.api.dialects.enterprise.vocabulary import KIND, PRIORITY
from ticket_app.api.kit.dates import WrongValue
from ticket_app.core.approvals.approvers import MOST_ASKED, MOST_NAMED, Approvers
from ticket_app.core.approvals.policies import (
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
from ticket_app.core.platform.errors import Reason
from ticket_app.core.platform.ticket_numbers import LARGEST_ID
from ticket_app.core.platform.vocabulary import Role

Id = Annotated[StrictInt, Bounded(ge=1, le=LARGEST_ID)]


def _quorum(value: Any) -> int:
    if isinstance(value, str) and value in QUORUM_OF:
        return QUORUM_OF[value]
    if type(value) is int and ANY <= value <= MOST_ASKED:
        return value
    raise WrongValue(Reason(f"must be any, all, or a number from {ANY} to {MOST_ASKED}"))


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
    roles: Annotated[list[Role], Bounded(max_length=len(Role))] = []
    department_manager: StrictBool = False

    def meant(self) -> Approvers:
        """The same for the core."""
        return Approvers(tuple(self.user_ids), tuple(self.roles), self.department_manager)


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

"""Approval policies: which tickets need an approval, by whom. The first that matches applies."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypedDict, cast

from sqlalchemy import bindparam, delete, func, select, update
from sqlmodel import select as select_rows

from ticket_app.core.approvals import approvers
from ticket_app.core.approvals.approvers import ADMINS, ApproverSelection
from ticket_app.core.platform import audit_log, validators
from ticket_app.core.platform.database import conflict_on_violation
from ticket_app.core.platform.errors import Conflict, Invalid, NotFound
from ticket_app.core.platform.paging import MAX_PAGE_SIZE, Page, PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Kind, Priority
from ticket_app.tables import (
    ApprovalPolicy,
    ApprovalStep,
    StoredStep,
    Ticket,
    approval_policy_table,
    approval_request_table,
    department_table,
)

QUORUM_ALL = 0
"""The quorum of a step that all approvers must approve."""
QUORUM_ANY = 1
"""The quorum of a step that the first decision approves or rejects."""
QUORUM_NAMES = {QUORUM_ALL: "all", QUORUM_ANY: "any"}
"""The names of the two in APIs; any other quorum is a number."""
MAX_POLICIES = 200
MAX_STEPS = 10
MAX_DEPARTMENTS = 100
MAX_HOURS = 24 * 365
NAME_TAKEN_MESSAGE = "A policy with this name already exists"
MAX_RANK = 10_000


@dataclass(frozen=True, slots=True)
class StepPlan:
    """One step of a policy: `quorum` is `QUORUM_ANY`, `QUORUM_ALL` or the number of approvals.

    After `hours` without a decision, or when an approver becomes inactive, it escalates, by default
    to the admins.
    """

    approvers: ApproverSelection
    name: str = ""
    quorum: int = QUORUM_ANY
    hours: float | None = None
    escalates_to: ApproverSelection | None = None

    def to_json(self) -> StoredStep:
        """Return the form that is stored."""
        return {
            "name": self.name,
            "approvers": self.approvers.to_json(),
            "quorum": self.quorum,
            "hours": self.hours,
            "escalates_to": self.escalates_to and self.escalates_to.to_json(),
        }

    @classmethod
    def from_json(cls, data: StoredStep) -> StepPlan:
        """Create it from the stored form."""
        escalates_to = data["escalates_to"]
        return cls(
            ApproverSelection.from_json(data["approvers"]),
            data["name"],
            data["quorum"],
            data["hours"],
            escalates_to and ApproverSelection.from_json(escalates_to),
        )


@dataclass(frozen=True, slots=True)
class PolicyDraft:
    """The values of a policy. An empty condition means any; the lowest rank is checked first."""

    name: str
    steps: tuple[StepPlan, ...]
    kinds: tuple[Kind, ...] = ()
    priorities: tuple[Priority, ...] = ()
    department_ids: tuple[int, ...] = ()
    allows_own: bool = False
    is_active: bool = True
    rank: int = 100


CONDITION_FIELDS = ("kinds", "priorities", "department_ids", "is_active")
"""The fields that decide which tickets match; after a change the policy applies to new tickets."""


def draft_from_policy(policy: ApprovalPolicy) -> PolicyDraft:
    """Return the values of a stored policy."""
    return PolicyDraft(
        name=policy.name,
        steps=tuple(map(StepPlan.from_json, policy.steps)),
        kinds=tuple(map(Kind, policy.kinds)),
        priorities=tuple(map(Priority, policy.priorities)),
        department_ids=tuple(policy.department_ids),
        allows_own=policy.allows_own,
        is_active=policy.is_active,
        rank=policy.rank,
    )


def create_policy(uow: UnitOfWork, draft: PolicyDraft) -> int:
    """Create a policy for tickets opened from now on; return its id.

    Raises `Forbidden`, `Invalid` for all invalid fields, `Conflict` for a name that is taken.
    """
    uow.actor.require("set_up", "change approval policies")
    policy_count = uow.connection.execute(
        select(func.count()).select_from(approval_policy_table)
    ).scalar_one()
    if policy_count >= MAX_POLICIES:
        raise Conflict(f"There are already {MAX_POLICIES} policies. Change or delete one")
    validated = _validate_draft(uow, draft, None, _ALL_FIELDS)
    policy = ApprovalPolicy(
        **_to_columns(validated), applies_from=uow.now, created_at=uow.now, updated_at=uow.now
    )
    uow.session.add(policy)
    _flush_unique_name(uow)
    assert policy.id is not None
    audit_log.record_created(uow, approval_policy_table, policy.id)
    return policy.id


def update_policy(uow: UnitOfWork, policy_id: int, changes: Mapping[str, object]) -> None:
    """Change a policy; open approval requests are not affected.

    `changes` maps fields of `PolicyDraft`; unchanged fields may refer to people and departments
    that are gone. Raises `Forbidden`, `Invalid`, `Conflict`, `NotFound`.
    """
    uow.actor.require("set_up", "change approval policies")
    policy = uow.session.exec(
        select_rows(ApprovalPolicy).where(approval_policy_table.c.id == policy_id).with_for_update()
    ).first()
    if policy is None:
        raise NotFound("Approval policy")
    old_draft = draft_from_policy(policy)
    new_draft = replace(old_draft, **cast("dict[str, Any]", changes))
    validated = _validate_draft(uow, new_draft, policy_id, changes)
    with audit_log.record_changes(uow, approval_policy_table, policy_id):
        for name, value in _to_columns(validated).items():
            setattr(policy, name, value)
        if any(getattr(old_draft, name) != getattr(validated, name) for name in CONDITION_FIELDS):
            policy.applies_from = uow.now
        policy.updated_at = uow.now
        _flush_unique_name(uow)


def _flush_unique_name(uow: UnitOfWork) -> None:
    with conflict_on_violation(NAME_TAKEN_MESSAGE):
        uow.flush()


def delete_policy(uow: UnitOfWork, policy_id: int) -> None:
    """Delete a policy; its approval requests stay.

    Raises `Forbidden`, `NotFound`, `Conflict` if a request is being created at the same time.
    """
    uow.actor.require("set_up", "change approval policies")
    audit_log.record_deleted(uow, approval_policy_table, policy_id)
    uow.connection.execute(
        update(approval_request_table)
        .where(approval_request_table.c.policy_id == policy_id)
        .values(policy_id=None)
    )
    with conflict_on_violation(
        "An approval was requested under this policy at the same time. Try again"
    ):
        deleted_count = uow.connection.execute(
            delete(approval_policy_table).where(approval_policy_table.c.id == policy_id)
        ).rowcount
    if not deleted_count:
        raise NotFound("Approval policy")


_SELECT_POLICY = select(approval_policy_table).where(
    approval_policy_table.c.id == bindparam("policy_id")
)
_SELECT_POLICY_LOCKED = _SELECT_POLICY.with_for_update(read=True, key_share=True)
"""Locks a policy, so that it is not deleted while a request that refers to it is created."""
_SELECT_POLICIES = select(approval_policy_table).order_by(
    approval_policy_table.c.rank, approval_policy_table.c.id
)
_SELECT_CONDITIONS = (
    select(
        approval_policy_table.c.id,
        approval_policy_table.c.kinds,
        approval_policy_table.c.priorities,
        approval_policy_table.c.department_ids,
        approval_policy_table.c.applies_from,
    )
    .where(approval_policy_table.c.is_active)
    .order_by(approval_policy_table.c.rank, approval_policy_table.c.id)
)


def get_policy(uow: UnitOfWork, policy_id: int) -> ApprovalPolicy:
    """Return a policy. Raises `Forbidden`, `NotFound`."""
    uow.actor.require("work_tickets", "see approval policies")
    row = uow.first_row(_SELECT_POLICY, {"policy_id": policy_id}, of=ApprovalPolicy)
    if row is None:
        raise NotFound("Approval policy")
    return row


def list_policies(uow: UnitOfWork, page_request: PageRequest) -> Page[ApprovalPolicy]:
    """Return policies in the order they are checked. Raises `Forbidden`."""
    uow.actor.require("work_tickets", "see approval policies")
    limit = max(1, min(page_request.limit, MAX_PAGE_SIZE))
    statement = _SELECT_POLICIES.limit(limit + 1).offset(max(0, page_request.offset))
    rows = uow.all_rows(statement, of=ApprovalPolicy)
    return Page(rows[:limit], len(rows) > limit)


def count_policies(uow: UnitOfWork) -> int:
    """Return the number of policies."""
    return int(
        uow.connection.execute(select(func.count()).select_from(approval_policy_table)).scalar_one()
    )


def get_active_policy(uow: UnitOfWork, policy_id: int) -> ApprovalPolicy:
    """Return a policy that a person chose. Raises `Invalid` unless it is active."""
    row = uow.first_row(_SELECT_POLICY_LOCKED, {"policy_id": policy_id}, of=ApprovalPolicy)
    if row is None or not row.is_active:
        raise Invalid("policy_id", "must be an active approval policy")
    return row


def find_matching_policy(uow: UnitOfWork, ticket: Ticket) -> ApprovalPolicy | None:
    """Return the first policy whose conditions a ticket matches, locked, or None.

    A policy applies to tickets opened after it was created or its conditions were changed.
    """
    for policy in uow.all_rows(_SELECT_CONDITIONS, of=ApprovalPolicy):
        if (
            (not policy.kinds or ticket.kind in policy.kinds)
            and (not policy.priorities or ticket.priority in policy.priorities)
            and (not policy.department_ids or ticket.department_id in policy.department_ids)
            and ticket.created_at >= policy.applies_from
            and (
                locked_policy := uow.first_row(
                    _SELECT_POLICY_LOCKED, {"policy_id": policy.id}, of=ApprovalPolicy
                )
            )
        ):
            return locked_policy
    return None


class _PolicyColumns(TypedDict):
    name: str
    steps: list[StoredStep]
    kinds: list[str]
    priorities: list[str]
    department_ids: list[int]
    allows_own: bool
    is_active: bool
    rank: int


def _to_columns(draft: PolicyDraft) -> _PolicyColumns:
    return {
        "name": draft.name,
        "steps": [step.to_json() for step in draft.steps],
        "kinds": [str(kind) for kind in draft.kinds],
        "priorities": [str(priority) for priority in draft.priorities],
        "department_ids": list(draft.department_ids),
        "allows_own": draft.allows_own,
        "is_active": draft.is_active,
        "rank": draft.rank,
    }


_ALL_FIELDS = frozenset(field.name for field in fields(PolicyDraft))


def _validate_draft(
    uow: UnitOfWork, draft: PolicyDraft, policy_id: int | None, changed_fields: Collection[str]
) -> PolicyDraft:
    problems: list[tuple[str, str]] = []
    name = ""
    try:
        name = validators.required_line("name", draft.name, 120)
    except Invalid as error:
        problems += error.problems
    department_ids = tuple(dict.fromkeys(draft.department_ids))
    if "department_ids" in changed_fields and not _departments_exist(uow, department_ids):
        problems.append(("department_ids", "must be existing departments"))
    if not 0 <= draft.rank <= MAX_RANK:
        problems.append(("rank", f"must be from 0 to {MAX_RANK:,}"))
    if not 1 <= len(draft.steps) <= MAX_STEPS:
        problems.append(("steps", f"must be 1 to {MAX_STEPS}"))
    steps: list[StepPlan] = [] if "steps" in changed_fields else list(draft.steps)
    for n, step in enumerate(draft.steps[:MAX_STEPS] if "steps" in changed_fields else ()):
        try:
            steps.append(_validate_step(uow, n, step))
        except Invalid as error:
            problems += error.problems
    if problems:
        raise Invalid.from_problems(problems)
    existing_id = uow.connection.execute(
        select(approval_policy_table.c.id).where(approval_policy_table.c.name == name)
    ).scalar()
    if existing_id not in (None, policy_id):
        raise Conflict(NAME_TAKEN_MESSAGE)
    return replace(
        draft,
        name=name,
        kinds=tuple(dict.fromkeys(draft.kinds)),
        priorities=tuple(dict.fromkeys(draft.priorities)),
        department_ids=department_ids,
        steps=tuple(steps),
    )


def _departments_exist(uow: UnitOfWork, department_ids: Sequence[int]) -> bool:
    if len(department_ids) > MAX_DEPARTMENTS:
        return False
    count_statement = (
        select(func.count())
        .select_from(department_table)
        .where(department_table.c.id.in_(department_ids))
    )
    return not department_ids or uow.connection.execute(count_statement).scalar_one() == len(
        department_ids
    )


def _validate_step(uow: UnitOfWork, index: int, step: StepPlan) -> StepPlan:
    field = f"steps.{index}"
    name = validators.optional_line(f"{field}.name", step.name, 120) or f"Step {index + 1}"
    selection = approvers.validate_approvers(uow, f"{field}.approvers", step.approvers)
    if selection.is_empty:
        raise Invalid(
            f"{field}.approvers", "must contain people, a role or the department's manager"
        )
    is_fixed_size = not selection.roles
    max_quorum = (
        len(selection.person_ids) + selection.includes_department_manager
        if is_fixed_size
        else approvers.MAX_APPROVERS_PER_STEP
    )
    if not QUORUM_ALL <= step.quorum <= max_quorum:
        raise Invalid(f"{field}.quorum", "must be any, all, or at most the number of approvers")
    if step.hours is not None and not 0 < step.hours <= MAX_HOURS:
        raise Invalid(f"{field}.hours", f"must be more than 0 and at most {MAX_HOURS:,}")
    escalates_to = step.escalates_to
    if escalates_to is not None:
        escalates_to = approvers.validate_approvers(uow, f"{field}.escalates_to", escalates_to)
        if escalates_to.is_empty:
            escalates_to = None
    if step.hours is None and escalates_to is not None:
        raise Invalid(f"{field}.hours", "is required if it is said who the step escalates to")
    return StepPlan(selection, name, step.quorum, step.hours, escalates_to)


def get_escalation_approvers(step: ApprovalStep) -> ApproverSelection:
    """Return the approvers that a step escalates to."""
    return ApproverSelection.from_json(step.escalates_to) if step.escalates_to else ADMINS

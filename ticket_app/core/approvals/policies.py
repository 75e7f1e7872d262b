"""When approval is needed, and of whom: policies, kept by admins, the first that fits counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlmodel import select as select_rows

from ticket_app.core.approvals import approvers
from ticket_app.core.approvals.approvers import ADMINS, Approvers
from ticket_app.core.platform import text
from ticket_app.core.platform.database import Collision
from ticket_app.core.platform.errors import Conflict, Invalid, NotFound
from ticket_app.core.platform.paging import LONGEST_PAGE, Page, Slice
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Kind, Priority
from ticket_app.tables import (
    ApprovalPolicy,
    Ticket,
    approval_policy_table,
    approval_request_table,
    department_table,
)

ALL = 0
"""The quorum of a step in which everybody asked must agree."""
ANY = 1
"""The quorum of a step in which one word, for or against, is enough."""
QUORUM = {ALL: "all", ANY: "any"}
"""How the two are said; any other quorum is a number."""
MOST_POLICIES = 200
MOST_STEPS = 10
MOST_DEPARTMENTS = 100
MOST_HOURS = 24 * 365
NAME_TAKEN = "A policy with this name already exists"
LAST_RANK = 10_000


@dataclass(frozen=True, slots=True)
class StepPlan:
    """One step of a policy: `quorum` is `ANY`, `ALL` or how many of those asked must agree.

    After `hours` without a decision it escalates: to the admins unless others are named.
    """

    approvers: Approvers
    name: str = ""
    quorum: int = ANY
    hours: float | None = None
    escalates_to: Approvers | None = None

    def kept(self) -> dict[str, Any]:
        """The form in which a policy keeps it."""
        return {
            "name": self.name,
            "approvers": self.approvers.kept(),
            "quorum": self.quorum,
            "hours": self.hours,
            "escalates_to": self.escalates_to and self.escalates_to.kept(),
        }

    @classmethod
    def of(cls, kept: dict[str, Any]) -> StepPlan:
        """What a policy keeps."""
        escalates_to = kept["escalates_to"]
        return cls(
            Approvers.of(kept["approvers"]),
            kept["name"],
            kept["quorum"],
            kept["hours"],
            escalates_to and Approvers.of(escalates_to),
        )


@dataclass(frozen=True, slots=True)
class PolicyDraft:
    """What a policy says. An empty set of conditions means any; the lowest rank is asked first."""

    name: str
    steps: tuple[StepPlan, ...]
    kinds: tuple[Kind, ...] = ()
    priorities: tuple[Priority, ...] = ()
    department_ids: tuple[int, ...] = ()
    allows_own: bool = False
    is_active: bool = True
    rank: int = 100


CONDITIONS = ("kinds", "priorities", "department_ids", "is_active")
"""What decides for which tickets a policy counts; changed, it counts for those filed later."""


def draft_of(policy: Any) -> PolicyDraft:
    """What a kept policy says."""
    return PolicyDraft(
        name=policy.name,
        steps=tuple(map(StepPlan.of, policy.steps)),
        kinds=tuple(map(Kind, policy.kinds)),
        priorities=tuple(map(Priority, policy.priorities)),
        department_ids=tuple(policy.department_ids),
        allows_own=policy.allows_own,
        is_active=policy.is_active,
        rank=policy.rank,
    )


def add(desk: Desk, draft: PolicyDraft) -> int:
    """Demand approval of tickets filed from now on; returns the policy's id.

    Raises `Forbidden`, `Invalid` (every wrong field named), `Conflict` for a name that is taken.
    """
    desk.actor.must("set_up", "change when approval is needed")
    known = desk.db.execute(select(func.count()).select_from(approval_policy_table)).scalar_one()
    if known >= MOST_POLICIES:
        raise Conflict(f"There are {MOST_POLICIES} policies already; change or delete one")
    checked = _checked(desk, draft, None, _EVERYTHING)
    policy = ApprovalPolicy(
        **_columns(checked), applies_from=desk.now, created_at=desk.now, updated_at=desk.now
    )
    desk.session.add(policy)
    _keep(desk)
    assert policy.id is not None
    return policy.id


def change(desk: Desk, policy_id: int, changes: Mapping[str, Any]) -> None:
    """Say otherwise in a policy; approvals under way go on as they began.

    `changes` maps fields of `PolicyDraft`; what is not changed may name who or what has gone since.
    Raises what `add` raises, and `NotFound`.
    """
    desk.actor.must("set_up", "change when approval is needed")
    policy = desk.session.exec(
        select_rows(ApprovalPolicy).where(approval_policy_table.c.id == policy_id).with_for_update()
    ).first()
    if policy is None:
        raise NotFound("Approval policy")
    before = draft_of(policy)
    checked = _checked(desk, replace(before, **changes), policy_id, changes)
    for name, value in _columns(checked).items():
        setattr(policy, name, value)
    if any(getattr(before, name) != getattr(checked, name) for name in CONDITIONS):
        policy.applies_from = desk.now
    policy.updated_at = desk.now
    _keep(desk)


def _keep(desk: Desk) -> None:
    try:
        desk.settle()
    except Collision:
        raise Conflict(NAME_TAKEN) from None


def remove(desk: Desk, policy_id: int) -> None:
    """Demand no approval any more; what was decided stays.

    Raises `Forbidden`, `NotFound`, `Conflict` where a ticket is just put before its approvers.
    """
    desk.actor.must("set_up", "change when approval is needed")
    desk.db.execute(
        update(approval_request_table)
        .where(approval_request_table.c.policy_id == policy_id)
        .values(policy_id=None)
    )
    try:
        gone = desk.db.execute(
            delete(approval_policy_table).where(approval_policy_table.c.id == policy_id)
        ).rowcount
    except Collision:
        raise Conflict("Approval was just asked for by this policy; try again") from None
    if not gone:
        raise NotFound("Approval policy")


_BY_ID = select(approval_policy_table).where(approval_policy_table.c.id == bindparam("policy_id"))
_IN_USE = _BY_ID.with_for_update(read=True, key_share=True)
"""A policy that is about to be named by a request: it stays until that is there."""
_IN_ORDER = select(approval_policy_table).order_by(
    approval_policy_table.c.rank, approval_policy_table.c.id
)
_CONDITIONS = (
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


def read(desk: Desk, policy_id: int) -> Any:
    """One policy. For those who work tickets: raises `Forbidden`, `NotFound`."""
    desk.actor.must("work_tickets", "see when approval is needed")
    row = desk.db.execute(_BY_ID, {"policy_id": policy_id}).first()
    if row is None:
        raise NotFound("Approval policy")
    return row


def page(desk: Desk, part: Slice) -> Page:
    """Policies in the order they are asked. For those who work tickets: raises `Forbidden`."""
    desk.actor.must("work_tickets", "see when approval is needed")
    limit = max(1, min(part.limit, LONGEST_PAGE))
    rows = desk.db.execute(_IN_ORDER.limit(limit + 1).offset(max(0, part.offset))).all()
    return Page(rows[:limit], len(rows) > limit)


def count(desk: Desk) -> int:
    """How many policies there are."""
    return int(
        desk.db.execute(select(func.count()).select_from(approval_policy_table)).scalar_one()
    )


def usable(desk: Desk, policy_id: int) -> Any:
    """A policy somebody chose by hand. Raises `Invalid` for one that is not in force."""
    row = desk.db.execute(_IN_USE, {"policy_id": policy_id}).first()
    if row is None or not row.is_active:
        raise Invalid("policy_id", "must be an active approval policy")
    return row


def matching(desk: Desk, ticket: Ticket) -> Any | None:
    """The policy that demands approval of a ticket, or None: the first in order that fits.

    A policy counts for tickets filed since it was made, or since its conditions were changed.
    """
    for policy in desk.db.execute(_CONDITIONS).all():
        if (
            (not policy.kinds or ticket.kind in policy.kinds)
            and (not policy.priorities or ticket.priority in policy.priorities)
            and (not policy.department_ids or ticket.department_id in policy.department_ids)
            and ticket.created_at >= policy.applies_from
            and (found := desk.db.execute(_IN_USE, {"policy_id": policy.id}).first())
        ):
            return found
    return None


def _columns(draft: PolicyDraft) -> dict[str, Any]:
    columns = {field.name: getattr(draft, field.name) for field in fields(draft)}
    lists = {name: list(columns[name]) for name in ("kinds", "priorities", "department_ids")}
    return columns | lists | {"steps": [step.kept() for step in draft.steps]}


_EVERYTHING = frozenset(field.name for field in fields(PolicyDraft))


def _checked(
    desk: Desk, draft: PolicyDraft, policy_id: int | None, told: Collection[str]
) -> PolicyDraft:
    problems: list[tuple[str, str]] = []
    name = ""
    try:
        name = text.required_line("name", draft.name, 120)
    except Invalid as wrong:
        problems += wrong.problems
    department_ids = tuple(dict.fromkeys(draft.department_ids))
    if "department_ids" in told and not _all_known(desk, department_ids):
        problems.append(("department_ids", "must be departments that are known"))
    if not 0 <= draft.rank <= LAST_RANK:
        problems.append(("rank", f"must be from 0 to {LAST_RANK:,}"))
    if not 1 <= len(draft.steps) <= MOST_STEPS:
        problems.append(("steps", f"must be 1 to {MOST_STEPS}"))
    steps: list[StepPlan] = [] if "steps" in told else list(draft.steps)
    for n, step in enumerate(draft.steps[:MOST_STEPS] if "steps" in told else ()):
        try:
            steps.append(_checked_step(desk, n, step))
        except Invalid as wrong:
            problems += wrong.problems
    if problems:
        raise Invalid.several(problems)
    taken = desk.db.execute(
        select(approval_policy_table.c.id).where(approval_policy_table.c.name == name)
    ).scalar()
    if taken not in (None, policy_id):
        raise Conflict(NAME_TAKEN)
    return replace(
        draft,
        name=name,
        kinds=tuple(dict.fromkeys(draft.kinds)),
        priorities=tuple(dict.fromkeys(draft.priorities)),
        department_ids=department_ids,
        steps=tuple(steps),
    )


def _all_known(desk: Desk, department_ids: Sequence[int]) -> bool:
    if len(department_ids) > MOST_DEPARTMENTS:
        return False
    known = (
        select(func.count())
        .select_from(department_table)
        .where(department_table.c.id.in_(department_ids))
    )
    return not department_ids or desk.db.execute(known).scalar_one() == len(department_ids)


def _checked_step(desk: Desk, n: int, step: StepPlan) -> StepPlan:
    field = f"steps.{n}"
    name = text.optional_line(f"{field}.name", step.name, 120) or f"Step {n + 1}"
    asked = approvers.check(desk, f"{field}.approvers", step.approvers)
    if asked.names_nobody:
        raise Invalid(f"{field}.approvers", "must name people, a role or the department's manager")
    named_only = not asked.roles
    most = len(asked.people) + asked.department_manager if named_only else approvers.MOST_ASKED
    if not ALL <= step.quorum <= most:
        raise Invalid(f"{field}.quorum", "must be any, all, or at most as many as are asked")
    if step.hours is not None and not 0 < step.hours <= MOST_HOURS:
        raise Invalid(f"{field}.hours", f"must be more than 0 and at most {MOST_HOURS:,}")
    escalates_to = step.escalates_to
    if escalates_to is not None:
        escalates_to = approvers.check(desk, f"{field}.escalates_to", escalates_to)
        if escalates_to.names_nobody:
            escalates_to = None
    if step.hours is None and escalates_to is not None:
        raise Invalid(f"{field}.hours", "is required where a step escalates")
    return StepPlan(asked, name, step.quorum, step.hours, escalates_to)


def escalation(step: Any) -> Approvers:
    """Whom a kept step is brought to when its time is up."""
    return Approvers.of(step.escalates_to) if step.escalates_to else ADMINS

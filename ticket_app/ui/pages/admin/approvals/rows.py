"""Approval policies as the page shows them: in words, and as what a dialog asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from ticket_app.core.approvals import policies as approval_policies
from ticket_app.core.approvals.approvers import Approvers
from ticket_app.core.approvals.policies import ALL, ANY, PolicyDraft, StepPlan
from ticket_app.core.people import directory
from ticket_app.core.platform.paging import Slice
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Kind, Role
from ticket_app.ui.pages.admin.fields import in_words
from ticket_app.ui.pages.desk.finder import Entry
from ticket_app.ui.theme import PRIORITY

AT_ONCE: Final = 100
GONE: Final = "somebody who left"
BOSS: Final = "the department's manager"
KINDS: Final[dict[str, str]] = {
    Kind.BUG: "Bugs",
    Kind.FEATURE_REQUEST: "Feature requests",
    Kind.IMPROVEMENT: "Improvements",
    Kind.SUPPORT: "Support tickets",
    Kind.INCIDENT: "Incidents",
    Kind.REQUEST: "Requests",
    Kind.PROBLEM: "Problems",
    Kind.CHANGE: "Changes",
    Kind.OTHER: "Other tickets",
}
"""Kinds of tickets, as a sentence begins with them (held total by a test)."""
ROLES: Final[dict[str, str]] = {
    Role.AGENT: "agent",
    Role.MANAGER: "manager",
    Role.ADMIN: "administrator",
    Role.SUPER_ADMIN: "super administrator",
}
"""Those who can be asked for their role."""


@dataclass(frozen=True)
class PolicyRow:
    """A policy in words."""

    id: int
    name: str
    is_active: bool
    rank: int
    when: str
    steps: list[str]
    allows_own: bool


@dataclass(frozen=True)
class Meant:
    """Who is meant, as a dialog asks for it."""

    roles: list[str] = field(default_factory=list)
    boss: bool = False
    people: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class StepForm:
    """A step, as a dialog asks for it; `key` names its fields."""

    key: str
    name: str = ""
    quorum: str = "any"
    most: str = "2"
    amount: str = ""
    unit: str = "hours"
    asks: Meant = Meant()
    after: Meant = Meant()


@dataclass(frozen=True)
class PolicyForm:
    """A policy, as a dialog asks for it."""

    name: str = ""
    rank: str = "100"
    kinds: list[str] = field(default_factory=list)
    priorities: list[str] = field(default_factory=list)
    departments: list[Entry] = field(default_factory=list)
    allows_own: bool = False
    steps: list[StepForm] = field(default_factory=list)


def policy_rows(desk: Desk) -> list[PolicyRow]:
    """Every policy in words, in the order they are asked."""
    desk.actor.must("set_up", "change when approval is needed")
    drafts = [(row.id, approval_policies.draft_of(row)) for row in _policies(desk)]
    people = directory.names(desk, _named(draft for _, draft in drafts))
    departments = {row.id: row.name for row in directory.departments(desk)}
    return [
        PolicyRow(
            id=policy_id,
            name=draft.name,
            is_active=draft.is_active,
            rank=draft.rank,
            when=when(draft, departments),
            steps=[step_words(step, people) for step in draft.steps],
            allows_own=draft.allows_own,
        )
        for policy_id, draft in drafts
    ]


def _policies(desk: Desk) -> Iterator[object]:
    offset, has_more = 0, True
    while has_more:
        page = approval_policies.page(desk, Slice(AT_ONCE, offset=offset))
        yield from page.rows
        offset, has_more = offset + AT_ONCE, page.has_more


def _named(drafts: Iterable[PolicyDraft]) -> set[int]:
    return {
        person_id
        for draft in drafts
        for step in draft.steps
        for meant in (step.approvers, step.escalates_to or Approvers())
        for person_id in meant.people
    }


def when(draft: PolicyDraft, departments: Mapping[int, str]) -> str:
    """For which tickets a policy counts."""
    kinds = in_words(
        [
            word if n == 0 else word.lower()
            for n, word in enumerate(map(KINDS.__getitem__, draft.kinds))
        ]
    )
    said = [kinds or "All tickets"]
    if draft.priorities:
        words = in_words([PRIORITY[word].word.lower() for word in draft.priorities], "or")
        said.append(f"of {words} priority")
    if draft.department_ids:
        names = [departments.get(one, "a department that is gone") for one in draft.department_ids]
        said.append(f"to {in_words(names, 'or')}")
    return " ".join(said)


def step_words(step: StepPlan, people: Mapping[int, str]) -> str:
    """Who is asked in a step, and how long they have."""
    said = _who(step.approvers, step.quorum, people)
    if step.hours is not None:
        after = _who(step.escalates_to, ANY, people) if step.escalates_to else "an administrator"
        said += f", within {lasting(step.hours)}, or else {after}"
    return said[:1].upper() + said[1:]


def _who(meant: Approvers, quorum: int, people: Mapping[int, str]) -> str:
    names = [people.get(one, GONE) for one in meant.people]
    boss = [BOSS] if meant.department_manager else []
    roles = [ROLES[role] for role in meant.roles]
    if quorum == ANY:
        return in_words([*names, *boss, *(f"any {role}" for role in roles)], "or")
    if quorum == ALL:
        return in_words([*names, *boss, *(f"all {role}s" for role in roles)])
    return f"{quorum} of " + in_words([*names, *boss, *(f"the {role}s" for role in roles)])


def lasting(hours: float) -> str:
    """A time as people say it."""
    amount, unit = amount_of(hours)
    return f"{amount} {unit if amount != '1' else unit[:-1]}"


def amount_of(hours: float) -> tuple[str, str]:
    """A time as a number of days, where that is a whole one, or else of hours."""
    if hours >= 24 and hours % 24 == 0:
        return f"{hours / 24:g}", "days"
    return f"{hours:g}", "hours"


def policy_form(desk: Desk, policy_id: int) -> PolicyForm:
    """What a policy says, as a dialog asks for it."""
    desk.actor.must("set_up", "change when approval is needed")
    draft = approval_policies.draft_of(approval_policies.read(desk, policy_id))
    people = directory.names(desk, _named([draft]))
    departments = {row.id: row.name for row in directory.departments(desk)}

    def meant(told: Approvers | None) -> Meant:
        if told is None:
            return Meant()
        chosen = [Entry(str(one), people.get(one, GONE)) for one in told.people]
        return Meant(list(told.roles), told.department_manager, chosen)

    def step(n: int, plan: StepPlan) -> StepForm:
        amount, unit = amount_of(plan.hours) if plan.hours is not None else ("", "hours")
        some = plan.quorum not in (ANY, ALL)
        return StepForm(
            key=f"s{n}",
            name="" if plan.name == f"Step {n + 1}" else plan.name,
            quorum="some" if some else approval_policies.QUORUM[plan.quorum],
            most=str(plan.quorum) if some else "2",
            amount=amount,
            unit=unit,
            asks=meant(plan.approvers),
            after=meant(plan.escalates_to),
        )

    return PolicyForm(
        name=draft.name,
        rank=str(draft.rank),
        kinds=list(draft.kinds),
        priorities=list(draft.priorities),
        departments=[
            Entry(str(one), departments.get(one, "A department that is gone"))
            for one in draft.department_ids
        ],
        allows_own=draft.allows_own,
        steps=[step(n, plan) for n, plan in enumerate(draft.steps)],
    )

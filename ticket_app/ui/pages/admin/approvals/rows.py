"""Approval policies for the settings page: as sentences for the list, as values for the dialog."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from ticket_app.core.approvals import policies as approval_policies
from ticket_app.core.approvals.approvers import ApproverSelection
from ticket_app.core.approvals.policies import QUORUM_ALL, QUORUM_ANY, PolicyDraft, StepPlan
from ticket_app.core.people import directory
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Kind, Role
from ticket_app.ui.durations import format_duration
from ticket_app.ui.pages.admin import texts
from ticket_app.ui.pages.admin.fields import join_words
from ticket_app.ui.pages.desk.lookup import LookupOption
from ticket_app.ui.theme import PRIORITY_LOOKS

PAGE_SIZE: Final = 100
DELETED_PERSON: Final = texts.APPROVALS_DELETED_PERSON
DEPARTMENT_MANAGER: Final = texts.APPROVALS_DEPARTMENT_MANAGER
KIND_PLURALS: Final[dict[str, str]] = {
    Kind.BUG: texts.KIND_BUGS,
    Kind.FEATURE_REQUEST: texts.KIND_FEATURE_REQUESTS,
    Kind.IMPROVEMENT: texts.KIND_IMPROVEMENTS,
    Kind.SUPPORT: texts.KIND_SUPPORT,
    Kind.INCIDENT: texts.KIND_INCIDENTS,
    Kind.REQUEST: texts.KIND_REQUESTS,
    Kind.PROBLEM: texts.KIND_PROBLEMS,
    Kind.CHANGE: texts.KIND_CHANGES,
    Kind.OTHER: texts.KIND_OTHER,
}
"""Plurals that start a sentence, by kind. A test checks that every kind has one."""
ROLE_NAMES: Final[dict[str, str]] = {
    Role.AGENT: "agent",
    Role.MANAGER: "manager",
    Role.ADMIN: "administrator",
    Role.SUPER_ADMIN: texts.APPROVALS_ROLE_SUPER_ADMIN,
}
"""Roles that can be asked for approval."""


@dataclass(frozen=True)
class PolicyRow:
    """A policy described in sentences."""

    id: int
    name: str
    is_active: bool
    rank: int
    conditions: str
    steps: list[str]
    allows_own: bool


@dataclass(frozen=True)
class ApproverChoice:
    """Approvers chosen in the dialog."""

    roles: list[str] = field(default_factory=list)
    department_manager: bool = False
    people: list[LookupOption] = field(default_factory=list)


@dataclass(frozen=True)
class StepForm:
    """A step in the dialog; `key` prefixes the names of its controls."""

    key: str
    name: str = ""
    quorum: str = "any"
    min_approvals: str = "2"
    amount: str = ""
    unit: str = "hours"
    approvers: ApproverChoice = ApproverChoice()
    escalation: ApproverChoice = ApproverChoice()


@dataclass(frozen=True)
class PolicyForm:
    """A policy in the dialog."""

    name: str = ""
    rank: str = "100"
    kinds: list[str] = field(default_factory=list)
    priorities: list[str] = field(default_factory=list)
    departments: list[LookupOption] = field(default_factory=list)
    allows_own: bool = False
    steps: list[StepForm] = field(default_factory=list)


def policy_rows(uow: UnitOfWork) -> list[PolicyRow]:
    """Return every policy in the order in which they are tried."""
    uow.actor.require("set_up", texts.APPROVALS_PERMISSION)
    drafts = [(row.id, approval_policies.draft_from_policy(row)) for row in _all_policies(uow)]
    people = directory.get_names(uow, _person_ids(draft for _, draft in drafts))
    departments = {row.id: row.name for row in directory.list_departments(uow)}
    return [
        PolicyRow(
            id=policy_id,
            name=draft.name,
            is_active=draft.is_active,
            rank=draft.rank,
            conditions=describe_conditions(draft, departments),
            steps=[describe_step(step, people) for step in draft.steps],
            allows_own=draft.allows_own,
        )
        for policy_id, draft in drafts
    ]


def _all_policies(uow: UnitOfWork) -> Iterator[object]:
    offset, has_more = 0, True
    while has_more:
        page = approval_policies.list_policies(uow, PageRequest(PAGE_SIZE, offset=offset))
        yield from page.rows
        offset, has_more = offset + PAGE_SIZE, page.has_more


def _person_ids(drafts: Iterable[PolicyDraft]) -> set[int]:
    return {
        person_id
        for draft in drafts
        for step in draft.steps
        for approvers in (step.approvers, step.escalates_to or ApproverSelection())
        for person_id in approvers.person_ids
    }


def describe_conditions(draft: PolicyDraft, departments: Mapping[int, str]) -> str:
    """Return which tickets a policy applies to, as a phrase."""
    kinds = join_words(
        [
            word if n == 0 else word.lower()
            for n, word in enumerate(map(KIND_PLURALS.__getitem__, draft.kinds))
        ]
    )
    parts = [kinds or texts.ALL_TICKETS]
    if draft.priorities:
        words = join_words([PRIORITY_LOOKS[word].word.lower() for word in draft.priorities], "or")
        parts.append(texts.with_priority(words))
    if draft.department_ids:
        names = [
            departments.get(one, texts.APPROVALS_DELETED_DEPARTMENT) for one in draft.department_ids
        ]
        parts.append(texts.approvals_in_departments(join_words(names, "or")))
    return " ".join(parts)


def describe_step(step: StepPlan, people: Mapping[int, str]) -> str:
    """Return who approves a step and by when, as a sentence."""
    sentence = _describe_approvers(step.approvers, step.quorum, people)
    if step.hours is not None:
        escalation = (
            _describe_approvers(step.escalates_to, QUORUM_ANY, people)
            if step.escalates_to
            else texts.APPROVALS_ANY_ADMINISTRATOR
        )
        sentence = texts.approvals_time_limit(
            sentence, format_duration(max(1, round(step.hours * 60))), escalation
        )
    return sentence[:1].upper() + sentence[1:]


def _describe_approvers(
    approvers: ApproverSelection, quorum: int, people: Mapping[int, str]
) -> str:
    names = [people.get(one, DELETED_PERSON) for one in approvers.person_ids]
    manager = [DEPARTMENT_MANAGER] if approvers.includes_department_manager else []
    roles = [ROLE_NAMES[role] for role in approvers.roles]
    if quorum == QUORUM_ANY:
        return join_words(
            [*names, *manager, *(texts.approvals_any_of_role(role) for role in roles)], "or"
        )
    if quorum == QUORUM_ALL:
        return join_words(
            [*names, *manager, *(texts.approvals_all_of_role(role) for role in roles)]
        )
    return texts.approvals_number_of(
        quorum, join_words([*names, *manager, *(texts.approvals_the_role(role) for role in roles)])
    )


def split_duration(hours: float) -> tuple[str, str]:
    """Split into amount and unit: whole days, or else hours."""
    if hours >= 24 and hours % 24 == 0:
        return f"{hours / 24:g}", "days"
    return f"{hours:g}", "hours"


def policy_form(uow: UnitOfWork, policy_id: int) -> PolicyForm:
    """Return a policy's current values for the dialog."""
    uow.actor.require("set_up", texts.APPROVALS_PERMISSION)
    draft = approval_policies.draft_from_policy(approval_policies.get_policy(uow, policy_id))
    people = directory.get_names(uow, _person_ids([draft]))
    departments = {row.id: row.name for row in directory.list_departments(uow)}

    def approver_choice(approvers: ApproverSelection | None) -> ApproverChoice:
        if approvers is None:
            return ApproverChoice()
        chosen = [
            LookupOption(str(one), people.get(one, DELETED_PERSON)) for one in approvers.person_ids
        ]
        return ApproverChoice(list(approvers.roles), approvers.includes_department_manager, chosen)

    def step_form(n: int, plan: StepPlan) -> StepForm:
        amount, unit = split_duration(plan.hours) if plan.hours is not None else ("", "hours")
        is_number = plan.quorum not in (QUORUM_ANY, QUORUM_ALL)
        return StepForm(
            key=f"s{n}",
            name="" if plan.name == f"Step {n + 1}" else plan.name,
            quorum="some" if is_number else approval_policies.QUORUM_NAMES[plan.quorum],
            min_approvals=str(plan.quorum) if is_number else "2",
            amount=amount,
            unit=unit,
            approvers=approver_choice(plan.approvers),
            escalation=approver_choice(plan.escalates_to),
        )

    return PolicyForm(
        name=draft.name,
        rank=str(draft.rank),
        kinds=list(draft.kinds),
        priorities=list(draft.priorities),
        departments=[
            LookupOption(str(one), departments.get(one, texts.APPROVALS_DELETED_DEPARTMENT_OPTION))
            for one in draft.department_ids
        ],
        allows_own=draft.allows_own,
        steps=[step_form(n, plan) for n, plan in enumerate(draft.steps)],
    )

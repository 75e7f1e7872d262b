"""What the dialog of an approval policy holds, and the policy it tells of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import reflex as rx

from ticket_app.core.approvals import policies as approval_policies
from ticket_app.core.approvals.approvers import MOST_NAMED, Approvers
from ticket_app.core.approvals.policies import (
    ALL,
    ANY,
    LAST_RANK,
    MOST_DEPARTMENTS,
    MOST_STEPS,
    PolicyDraft,
    StepPlan,
)
from ticket_app.core.platform.errors import DeskError, Invalid, Unauthenticated
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Kind, Priority, Role
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import close_dialog, confirm, expect_same, open_dialog
from ticket_app.ui.pages.admin import fields
from ticket_app.ui.pages.admin.approvals.rows import (
    Meant,
    PolicyForm,
    StepForm,
    policy_form,
)
from ticket_app.ui.pages.desk.finder import Entry

NEW: Final = -1
EDIT: Final = "policy"
DELETE: Final = "delete-policy"
LABELS: Final = {
    "name": "The name",
    "rank": "The order",
    "department_ids": "These",
    "steps": "The steps",
}
STEP_LABELS: Final = {
    "name": "The name",
    "approvers": "Those asked",
    "quorum": "How many",
    "hours": "The time",
    "escalates_to": "Those asked afterwards",
}
AMOUNT: Final = re.compile(r"\d{1,5}(?:[.,]\d{1,2})?")
UNITS: Final = {"hours": 1.0, "days": 24.0}
FIRST_STEP: Final = StepForm("s0", asks=Meant([Role.MANAGER]))


def _add(desk: Desk, draft: PolicyDraft) -> None:
    approval_policies.add(desk, draft)


def _change(desk: Desk, policy_id: int, seen: PolicyForm, changes: dict[str, Any]) -> None:
    expect_same(desk, policy_form, policy_id, seen, f"The policy “{seen.name}”")
    approval_policies.change(desk, policy_id, changes)


def _remove(desk: Desk, policy_id: int, seen: PolicyForm) -> None:
    expect_same(desk, policy_form, policy_id, seen, f"The policy “{seen.name}”")
    approval_policies.remove(desk, policy_id)


class PolicyDialog(rx.State):
    """The policy that is made or changed, and what is wrong with it."""

    editing: int = 0
    form: PolicyForm = PolicyForm()
    errors: dict[str, str] = {}
    name: str = ""
    refusal: str = ""

    _made: int = 0
    _seen: PolicyForm = PolicyForm()

    @bridge.event
    async def add(self) -> None:
        """Ask for a new policy: of one step, for any manager."""
        self.editing, self.errors, self._made = NEW, {}, 1
        self.form = PolicyForm(steps=[FIRST_STEP])
        await open_dialog(self, EDIT, NEW)

    @bridge.event
    async def edit(self, policy_id: int) -> None:
        """Ask what is to change of a policy."""
        self.form = self._seen = await bridge.read(self, policy_form, policy_id)
        self.name = self._seen.name
        self.editing, self.errors, self._made = policy_id, {}, len(self.form.steps)
        await open_dialog(self, EDIT, policy_id, self._seen)

    @bridge.event
    def add_step(self) -> None:
        """One more step at the end."""
        if len(self.form.steps) < MOST_STEPS:
            step = StepForm(f"s{self._made}")
            self._made += 1
            self.form = replace(self.form, steps=[*self.form.steps, step])

    @bridge.event
    def remove_step(self, key: str) -> None:
        """One step less."""
        kept = [step for step in self.form.steps if step.key != key]
        self.form = replace(self.form, steps=kept)

    @bridge.event
    def choose_person(self, key: str, part: str, value: str, label: str) -> None:
        """Name somebody in a step, or take their name away."""
        if part not in ("asks", "after") or not value.isdecimal():
            return
        self.form = replace(
            self.form,
            steps=[
                replace(
                    step,
                    **{part: _with_person(getattr(step, part), Entry(value[:10], label[:300]))},
                )
                if step.key == key
                else step
                for step in self.form.steps
            ],
        )

    @bridge.event
    def choose_department(self, value: str, label: str) -> None:
        """Take a department among the conditions, or away."""
        if value.isdecimal():
            chosen = _toggled(self.form.departments, Entry(value[:10], label[:120]))
            self.form = replace(self.form, departments=chosen[:MOST_DEPARTMENTS])

    @bridge.submission
    async def save(self, seen: str, form: dict[str, Any]) -> Any:
        """Make or change the policy; what is wrong is said at its field."""
        await confirm(self, EDIT, seen)
        try:
            draft = self._draft(form)
            if self.editing == NEW:
                await bridge.write(self, _add, draft)
            elif self.editing:
                changes = {
                    name: getattr(draft, name)
                    for name in (
                        "name",
                        "steps",
                        "kinds",
                        "priorities",
                        "department_ids",
                        "allows_own",
                        "rank",
                    )
                }
                await bridge.write(self, _change, self.editing, self._seen, changes)
        except Unauthenticated:
            raise
        except DeskError as no:
            self.errors = self._wrong(no)
            return w.focus_on(_control_of(next(iter(self.errors), "")))
        told = f"Policy “{draft.name}” " + ("added" if self.editing == NEW else "changed")
        await close_dialog(self)
        return w.toast(told, tone="green", detail="It counts for tickets filed from now on.")

    def _draft(self, form: Mapping[str, Any]) -> PolicyDraft:
        kinds, priorities = fields.ticked(form, "kind."), fields.ticked(form, "priority.")
        problems: list[tuple[str, str]] = []
        rank = 0
        try:
            rank = fields.whole(form.get("rank")) or 0
        except ValueError:
            problems.append(("rank", f"must be a number from 0 to {LAST_RANK:,}"))
        steps: list[StepPlan] = []
        for n, step in enumerate(self.form.steps):
            try:
                steps.append(plan_of(step, form))
            except Invalid as wrong:
                problems += [(f"steps.{n}.{name}", why) for name, why in wrong.problems]
        if problems:
            raise Invalid.several(problems)
        return PolicyDraft(
            name=str(form.get("name", "")),
            steps=tuple(steps),
            kinds=tuple(kind for kind in Kind if kind in kinds),
            priorities=tuple(one for one in Priority if one in priorities),
            department_ids=tuple(int(one.value) for one in self.form.departments),
            allows_own=bool(form.get("allows_own")),
            rank=rank,
        )

    def _wrong(self, no: DeskError) -> dict[str, str]:
        labels = LABELS | {
            f"steps.{n}.{name}": label
            for n in range(len(self.form.steps))
            for name, label in STEP_LABELS.items()
        }
        told = fields.wrong_fields(no, labels)
        keys = {f"steps.{n}.": f"{step.key}." for n, step in enumerate(self.form.steps)}
        return {_renamed(name, keys): why for name, why in told.items()}

    @bridge.event
    async def turn(self, policy_id: int, on: bool) -> Any:
        """Switch a policy on or off."""
        await bridge.write(self, approval_policies.change, policy_id, {"is_active": bool(on)})
        return w.toast("Policy switched on" if on else "Policy switched off")

    @bridge.event
    async def ask(self, policy_id: int) -> None:
        """Make sure before a policy is deleted."""
        self._seen = await bridge.read(self, policy_form, policy_id)
        self.editing, self.name, self.refusal = policy_id, self._seen.name, ""
        await open_dialog(self, DELETE, policy_id, self._seen)

    @bridge.event
    async def delete(self, seen: str) -> Any:
        """Demand no such approval any more."""
        await confirm(self, DELETE, seen)
        try:
            await bridge.write(self, _remove, self.editing, self._seen)
        except Unauthenticated:
            raise
        except DeskError as no:
            self.refusal = no.message
            return None
        await close_dialog(self)
        return w.toast(f"Policy “{self.name}” deleted")


def _control_of(wrong: str) -> str:
    """The control to go to for what is wrong; within a step the one beside it."""
    step, dot, name = wrong.partition(".")
    if not dot:
        return wrong
    return f"{step}.amount" if name == "hours" else f"{step}.quorum"


def _renamed(name: str, keys: Mapping[str, str]) -> str:
    for old, new in keys.items():
        if name.startswith(old):
            return new + name.removeprefix(old)
    return name


def _toggled(entries: list[Entry], entry: Entry) -> list[Entry]:
    kept = [one for one in entries if one.value != entry.value]
    return kept if len(kept) < len(entries) else [*entries, entry]


def _with_person(meant: Meant, entry: Entry) -> Meant:
    return replace(meant, people=_toggled(meant.people, entry)[: MOST_NAMED + 1])


def plan_of(step: StepForm, form: Mapping[str, Any]) -> StepPlan:
    """The step a form tells of. Raises `Invalid`."""
    quorum = {"any": ANY, "all": ALL}.get(str(form.get(f"{step.key}.quorum", "any")))
    if quorum is None:
        try:
            quorum = fields.whole(form.get(f"{step.key}.most")) or 0
        except ValueError:
            quorum = 0
        if quorum < 1:
            raise Invalid("quorum", "must be a number")
    told = str(form.get(f"{step.key}.amount", "")).strip()
    if told and not AMOUNT.fullmatch(told):
        raise Invalid("hours", "must be a number, or nothing")
    unit = UNITS.get(str(form.get(f"{step.key}.unit")), 1.0)
    after = _approvers(step, "after", form)
    return StepPlan(
        approvers=_approvers(step, "asks", form),
        name=str(form.get(f"{step.key}.name", "")),
        quorum=quorum,
        hours=float(told.replace(",", ".")) * unit if told else None,
        escalates_to=None if after.names_nobody else after,
    )


def _approvers(step: StepForm, part: str, form: Mapping[str, Any]) -> Approvers:
    roles = fields.ticked(form, f"{step.key}.{part}.role.")
    return Approvers(
        people=tuple(int(one.value) for one in getattr(step, part).people),
        roles=tuple(role for role in Role if role in roles),
        department_manager=bool(form.get(f"{step.key}.{part}.boss")),
    )

"""The state of the approval policy dialogs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import reflex as rx

from ticket_app.core.approvals import policies as approval_policies
from ticket_app.core.approvals.approvers import MAX_NAMED_PEOPLE, ApproverSelection
from ticket_app.core.approvals.policies import (
    MAX_DEPARTMENTS,
    MAX_RANK,
    MAX_STEPS,
    QUORUM_ALL,
    QUORUM_ANY,
    PolicyDraft,
    StepPlan,
)
from ticket_app.core.platform.errors import DomainError, Invalid
from ticket_app.core.platform.vocabulary import Kind, Priority, Role
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import (
    ensure_dialog_is_current,
    open_dialog,
)
from ticket_app.ui.pages.admin import fields, texts
from ticket_app.ui.pages.admin.approvals.rows import (
    ApproverChoice,
    PolicyForm,
    StepForm,
    policy_form,
)
from ticket_app.ui.pages.admin.dialog_actions import (
    NEW,
    DeletableObject,
    SettingsDialog,
    delete_from_dialog,
    open_delete_dialog,
    save_from_dialog,
)
from ticket_app.ui.pages.desk.lookup import LookupOption

EDIT_DIALOG: Final = "policy"
DELETE_DIALOG: Final = "delete-policy"
FIELD_LABELS: Final = {
    "name": texts.FIELD_NAME,
    "rank": texts.FIELD_ORDER,
    "department_ids": texts.FIELD_THESE,
    "steps": texts.APPROVAL_FIELD_STEPS,
}
STEP_FIELD_LABELS: Final = {
    "name": texts.FIELD_NAME,
    "approvers": texts.APPROVAL_FIELD_APPROVERS,
    "quorum": texts.APPROVAL_FIELD_QUORUM,
    "hours": texts.APPROVAL_FIELD_TIME_LIMIT,
    "escalates_to": texts.APPROVAL_FIELD_ESCALATION,
}
AMOUNT_PATTERN: Final = re.compile(r"\d{1,5}(?:[.,]\d{1,2})?")
UNIT_HOURS: Final = {"hours": 1.0, "days": 24.0}
DEFAULT_STEP: Final = StepForm("s0", approvers=ApproverChoice([Role.MANAGER]))


POLICIES: Final = DeletableObject(
    load=policy_form,
    subject=lambda form: texts.approval_subject(form.name),
    create=lambda uow, values: approval_policies.create_policy(uow, PolicyDraft(**values)),
    update=approval_policies.update_policy,
    delete=approval_policies.delete_policy,
    added_text=texts.approval_added,
    changed_text=texts.approval_changed,
    deleted_text=texts.approval_deleted,
    saved_detail=texts.APPROVAL_SAVED_DETAIL,
)


class PolicyDialog(SettingsDialog, rx.State):
    """The policy in the open dialog, and its errors."""

    form: PolicyForm = PolicyForm()

    _steps_created: int = 0
    _original: PolicyForm = PolicyForm()

    @bridge.event
    async def add(self) -> None:
        """Open the dialog with one step that any manager approves."""
        self.editing, self.errors, self._steps_created = NEW, {}, 1
        self.form = PolicyForm(steps=[DEFAULT_STEP])
        await open_dialog(self, EDIT_DIALOG, NEW)

    @bridge.event
    async def edit(self, policy_id: int) -> None:
        """Open the dialog with the policy's current values."""
        self.form = self._original = await bridge.read(self, policy_form, policy_id)
        self.name = self._original.name
        self.editing, self.errors, self._steps_created = policy_id, {}, len(self.form.steps)
        await open_dialog(self, EDIT_DIALOG, policy_id, self._original)

    @bridge.event
    def add_step(self) -> None:
        if len(self.form.steps) < MAX_STEPS:
            step = StepForm(f"s{self._steps_created}")
            self._steps_created += 1
            self.form = replace(self.form, steps=[*self.form.steps, step])

    @bridge.event
    def remove_step(self, key: str) -> None:
        remaining = [step for step in self.form.steps if step.key != key]
        self.form = replace(self.form, steps=remaining)

    @bridge.event
    def toggle_person(self, key: str, group: str, value: str, label: str) -> None:
        """Add the person to a step's approvers, or remove them."""
        if group not in ("approvers", "escalation") or not value.isdecimal():
            return
        self.form = replace(
            self.form,
            steps=[
                replace(
                    step,
                    **{
                        group: _toggle_person(
                            getattr(step, group), LookupOption(value[:10], label[:300])
                        )
                    },
                )
                if step.key == key
                else step
                for step in self.form.steps
            ],
        )

    @bridge.event
    def toggle_department(self, value: str, label: str) -> None:
        """Add the department to the conditions, or remove it."""
        if value.isdecimal():
            chosen = _toggle_option(self.form.departments, LookupOption(value[:10], label[:120]))
            self.form = replace(self.form, departments=chosen[:MAX_DEPARTMENTS])

    @bridge.submission
    async def save(self, seen: str, form: bridge.FormData) -> bridge.Events:
        """Create or update the policy; errors appear at their fields."""
        await ensure_dialog_is_current(self, EDIT_DIALOG, seen)
        saved = await save_from_dialog(
            self,
            POLICIES,
            None if self.editing == NEW else self.editing,
            self._original,
            lambda: self._parse_form(form),
            name=str(form.get("name", "")),
        )
        if saved.error:
            self.errors = self._field_errors(saved.error)
            return w.focus_on(_control_for_error(next(iter(self.errors), "")))
        return saved.message

    def _parse_form(self, form: Mapping[str, object]) -> dict[str, object]:
        kinds, priorities = (
            fields.checked_values(form, "kind."),
            fields.checked_values(form, "priority."),
        )
        problems: list[tuple[str, str]] = []
        rank = 0
        try:
            rank = fields.parse_whole_number(form.get("rank")) or 0
        except ValueError:
            problems.append(("rank", texts.approval_policy_order_invalid(MAX_RANK)))
        steps: list[StepPlan] = []
        for n, step in enumerate(self.form.steps):
            try:
                steps.append(parse_step(step, form))
            except Invalid as error:
                problems += [(f"steps.{n}.{name}", why) for name, why in error.problems]
        if problems:
            raise Invalid.from_problems(problems)
        return {
            "name": str(form.get("name", "")),
            "steps": tuple(steps),
            "kinds": tuple(kind for kind in Kind if kind in kinds),
            "priorities": tuple(one for one in Priority if one in priorities),
            "department_ids": tuple(int(one.value) for one in self.form.departments),
            "allows_own": bool(form.get("allows_own")),
            "rank": rank,
        }

    def _field_errors(self, error: DomainError) -> dict[str, str]:
        labels = FIELD_LABELS | {
            f"steps.{n}.{name}": label
            for n in range(len(self.form.steps))
            for name, label in STEP_FIELD_LABELS.items()
        }
        errors = fields.field_errors(error, labels)
        keys = {f"steps.{n}.": f"{step.key}." for n, step in enumerate(self.form.steps)}
        return {_replace_prefix(name, keys): why for name, why in errors.items()}

    @bridge.event
    async def toggle_active(self, policy_id: int, is_active: bool) -> bridge.Events:
        """Activate or deactivate a policy."""
        await bridge.write(
            self, approval_policies.update_policy, policy_id, {"is_active": bool(is_active)}
        )
        return w.toast(texts.APPROVAL_ACTIVATED if is_active else texts.APPROVAL_DEACTIVATED)

    @bridge.event
    async def confirm_delete(self, policy_id: int) -> None:
        """Open the confirmation dialog."""
        self._original = await open_delete_dialog(self, DELETE_DIALOG, POLICIES, policy_id)
        self.editing, self.name, self.delete_error = policy_id, self._original.name, ""

    @bridge.event
    async def delete(self, seen: str) -> bridge.Events:
        await ensure_dialog_is_current(self, DELETE_DIALOG, seen)
        return await delete_from_dialog(self, POLICIES, self._original)


def _control_for_error(error_key: str) -> str:
    """Return the control to focus; for a radio group it is the one beside it."""
    step, dot, name = error_key.partition(".")
    if not dot:
        return error_key
    return f"{step}.amount" if name == "hours" else f"{step}.quorum"


def _replace_prefix(name: str, prefixes: Mapping[str, str]) -> str:
    for old, new in prefixes.items():
        if name.startswith(old):
            return new + name.removeprefix(old)
    return name


def _toggle_option(entries: list[LookupOption], entry: LookupOption) -> list[LookupOption]:
    remaining = [one for one in entries if one.value != entry.value]
    return remaining if len(remaining) < len(entries) else [*entries, entry]


def _toggle_person(choice: ApproverChoice, entry: LookupOption) -> ApproverChoice:
    return replace(choice, people=_toggle_option(choice.people, entry)[: MAX_NAMED_PEOPLE + 1])


def parse_step(step: StepForm, form: Mapping[str, object]) -> StepPlan:
    """Parse one step of the form. Raises `Invalid`."""
    quorum = {"any": QUORUM_ANY, "all": QUORUM_ALL}.get(str(form.get(f"{step.key}.quorum", "any")))
    if quorum is None:
        try:
            quorum = fields.parse_whole_number(form.get(f"{step.key}.most")) or 0
        except ValueError:
            quorum = 0
        if quorum < 1:
            raise Invalid("quorum", texts.MUST_BE_NUMBER)
    amount_text = str(form.get(f"{step.key}.amount", "")).strip()
    if amount_text and not AMOUNT_PATTERN.fullmatch(amount_text):
        raise Invalid("hours", texts.MUST_BE_NUMBER_OR_EMPTY)
    unit = UNIT_HOURS.get(str(form.get(f"{step.key}.unit")), 1.0)
    escalation = _parse_approvers(step, "escalation", form)
    return StepPlan(
        approvers=_parse_approvers(step, "approvers", form),
        name=str(form.get(f"{step.key}.name", "")),
        quorum=quorum,
        hours=float(amount_text.replace(",", ".")) * unit if amount_text else None,
        escalates_to=None if escalation.is_empty else escalation,
    )


def _parse_approvers(step: StepForm, group: str, form: Mapping[str, object]) -> ApproverSelection:
    roles = fields.checked_values(form, f"{step.key}.{group}.role.")
    return ApproverSelection(
        person_ids=tuple(int(one.value) for one in getattr(step, group).people),
        roles=tuple(role for role in Role if role in roles),
        includes_department_manager=bool(form.get(f"{step.key}.{group}.boss")),
    )

"""The dialogs that add, change and delete an approval policy."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.approvals.policies import MAX_STEPS
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import OpenDialog
from ticket_app.ui.pages.admin import fields, texts
from ticket_app.ui.pages.admin.approvals.edit_state import (
    DELETE_DIALOG,
    EDIT_DIALOG,
    NEW,
    PolicyDialog,
)
from ticket_app.ui.pages.admin.approvals.rows import ROLE_NAMES, PolicyForm, StepForm
from ticket_app.ui.pages.desk.lookup import lookup_menu
from ticket_app.ui.widgets.vars import Text


def _approver_picker(legend: str, step: rx.Var[StepForm], group: str, error: Text) -> rx.Component:
    """Pick approvers: roles, the department's manager, people by name."""
    choice = step.approvers if group == "approvers" else step.escalation
    prefix = rx.Var.create(step.key) + f".{group}."

    def checkbox(name: Text, label: str, is_checked: rx.Var[bool]) -> rx.Component:
        return rx.el.label(
            rx.el.input(type="checkbox", name=name, default_checked=is_checked),
            rx.el.span(label),
            class_name="checkbox",
        )

    return rx.el.fieldset(
        rx.el.legend(legend, class_name="field-label"),
        rx.el.div(
            *(
                checkbox(
                    prefix + f"role.{role}", f"{word.capitalize()}s", choice.roles.contains(role)
                )
                for role, word in ROLE_NAMES.items()
            ),
            checkbox(prefix + "boss", texts.APPROVAL_DEPARTMENT_MANAGER, choice.department_manager),
            class_name="checkbox-list",
        ),
        rx.el.div(
            rx.foreach(
                choice.people,
                lambda one: w.tag_chip(
                    one.label,
                    on_remove=PolicyDialog.toggle_person(step.key, group, one.value, one.label),
                ),
            ),
            lookup_menu(
                w.button(texts.APPROVAL_ADD_PERSON, icon="plus"),
                "staff",
                texts.APPROVAL_FIND_PERSON,
                lambda entry: PolicyDialog.toggle_person(step.key, group, entry.value, entry.label),
            ),
            class_name="settings-row-details",
        ),
        fields.field_error(error),
        class_name="checkbox-group",
    )


def _step_card(step: rx.Var[StepForm], index: rx.Var[int]) -> rx.Component:
    def error_for(name: str) -> rx.Var[str]:
        return PolicyDialog.errors[rx.Var.create(step.key) + f".{name}"]

    def field_name(name: str) -> rx.Var[str]:
        return rx.Var.create(step.key) + f".{name}"

    return rx.el.li(
        rx.el.div(
            rx.el.b(texts.approval_step_number(index + 1)),
            rx.cond(
                PolicyDialog.form.steps.length() > 1,
                w.icon_button(
                    "x",
                    texts.approval_remove_step(index + 1),
                    size="small",
                    on_click=PolicyDialog.remove_step(step.key),
                ),
            ),
            class_name="approval-step-card-header",
        ),
        _approver_picker(texts.APPROVAL_APPROVERS, step, "approvers", error_for("approvers")),
        rx.el.div(
            fields.labelled_field(
                texts.APPROVAL_QUORUM,
                rx.el.span(
                    w.select_input(
                        field_name("quorum"),
                        [
                            ("any", texts.APPROVAL_QUORUM_ANY),
                            ("all", texts.APPROVAL_QUORUM_ALL),
                            ("some", texts.APPROVAL_QUORUM_AT_LEAST),
                        ],
                        value=step.quorum,
                    ),
                    w.text_input(
                        field_name("most"),
                        value=step.min_approvals,
                        input_mode="numeric",
                        max_length=3,
                        aria_label=texts.APPROVAL_QUORUM_NUMBER,
                    ),
                    class_name="quorum",
                ),
                error_for("quorum"),
            ),
            fields.labelled_field(
                texts.APPROVAL_TIME_LIMIT,
                rx.el.span(
                    w.text_input(
                        field_name("amount"), value=step.amount, input_mode="decimal", max_length=8
                    ),
                    w.select_input(
                        field_name("unit"),
                        [("hours", "hours"), ("days", "days")],
                        value=step.unit,
                        aria_label=texts.APPROVAL_TIME_UNIT,
                    ),
                    class_name="number-with-unit",
                ),
                error_for("hours"),
            ),
            class_name="field-row",
        ),
        rx.el.details(
            rx.el.summary(texts.APPROVAL_STEP_MORE),
            rx.el.div(
                _approver_picker(
                    texts.APPROVAL_ESCALATION,
                    step,
                    "escalation",
                    error_for("escalates_to"),
                ),
                fields.labelled_field(
                    texts.APPROVAL_STEP_NAME,
                    w.text_input(
                        field_name("name"), value=step.name, max_length=120, auto_complete="off"
                    ),
                    error_for("name"),
                ),
                class_name="approval-step-options",
            ),
            open=(step.escalation.roles.length() > 0)
            | step.escalation.department_manager
            | (step.escalation.people.length() > 0)
            | (step.name != ""),
        ),
        class_name="approval-step-card",
        key=step.key,
    )


def policy_dialogs(on_change: rx.event.EventType) -> rx.Component:
    """Return the dialogs, once per page; `on_change` runs after they are submitted."""
    form, errors = PolicyDialog.form, PolicyDialog.errors
    is_new = PolicyDialog.editing == NEW
    return rx.fragment(
        fields.dialog(
            rx.cond(
                is_new,
                texts.APPROVAL_ADD_TITLE,
                texts.edit_title(PolicyDialog.name),
            ),
            texts.APPROVAL_HINT,
            fields.labelled_field(
                texts.NAME,
                w.text_input(
                    "name",
                    value=form.name,
                    max_length=120,
                    auto_complete="off",
                    auto_focus=True,
                    aria_invalid=rx.cond(errors["name"], "true", "false"),
                ),
                errors["name"],
            ),
            *_conditions(form, errors),
            rx.el.ol(
                rx.foreach(form.steps, _step_card), class_name="list-unstyled approval-step-cards"
            ),
            fields.field_error(errors["steps"]),
            rx.cond(
                form.steps.length() < MAX_STEPS,
                rx.el.div(
                    w.button(texts.APPROVAL_ADD_STEP, icon="plus", on_click=PolicyDialog.add_step),
                ),
            ),
            rx.el.div(
                rx.el.label(
                    rx.el.input(
                        type="checkbox", name="allows_own", default_checked=form.allows_own
                    ),
                    rx.el.span(texts.APPROVAL_ALLOW_OWN),
                    class_name="checkbox",
                ),
                class_name="checkbox-group",
            ),
            fields.labelled_field(
                texts.ORDER,
                w.text_input(
                    "rank",
                    value=form.rank,
                    input_mode="numeric",
                    max_length=6,
                ),
                errors["rank"],
                hint=texts.APPROVAL_ORDER_HINT,
            ),
            name=EDIT_DIALOG,
            on_submit=[PolicyDialog.save(OpenDialog.fingerprint), on_change],
            button_label=rx.cond(is_new, texts.APPROVAL_ADD, texts.SAVE),
            error=errors[""],
            width="640px",
        ),
        fields.confirm_dialog(
            texts.delete_title(PolicyDialog.name),
            texts.APPROVAL_DELETE_HINT,
            name=DELETE_DIALOG,
            on_confirm=[PolicyDialog.delete(OpenDialog.fingerprint), on_change],
            button_label=texts.APPROVAL_DELETE,
            error=PolicyDialog.delete_error,
        ),
    )


def _conditions(form: rx.Var[PolicyForm], errors: rx.Var[dict[str, str]]) -> list[rx.Component]:
    return [
        fields.kind_checkboxes(form.kinds),
        fields.priority_checkboxes(form.priorities),
        rx.el.fieldset(
            rx.el.legend(texts.APPROVAL_DEPARTMENTS, class_name="field-label"),
            rx.el.div(
                rx.cond(
                    form.departments.length() == 0,
                    rx.el.span(texts.APPROVAL_ANY_DEPARTMENT, class_name="text-muted"),
                ),
                rx.foreach(
                    form.departments,
                    lambda one: w.tag_chip(
                        one.label, on_remove=PolicyDialog.toggle_department(one.value, one.label)
                    ),
                ),
                lookup_menu(
                    w.button(texts.CHOOSE, icon="plus"),
                    "department",
                    texts.APPROVAL_FIND_DEPARTMENT,
                    lambda entry: PolicyDialog.toggle_department(entry.value, entry.label),
                ),
                class_name="settings-row-details",
            ),
            fields.field_error(errors["department_ids"]),
            class_name="checkbox-group",
        ),
    ]

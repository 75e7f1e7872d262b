"""The dialogs that add, change and delete an approval policy."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ticket_app.core.approvals.policies import MAX_STEPS
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import OpenDialog
from ticket_app.ui.pages.admin import fields
from ticket_app.ui.pages.admin.approvals.edit_state import (
    DELETE_DIALOG,
    EDIT_DIALOG,
    NEW,
    PolicyDialog,
)
from ticket_app.ui.pages.admin.approvals.rows import ROLE_NAMES, PolicyRow
from ticket_app.ui.pages.desk.lookup import lookup_menu


def _approver_picker(legend: str, step: Any, group: str, error: Any) -> rx.Component:
    """Pick approvers: roles, the department's manager, people by name."""
    choice = step.approvers if group == "approvers" else step.escalation
    prefix = rx.Var.create(step.key) + f".{group}."

    def checkbox(name: Any, label: str, is_checked: Any) -> rx.Component:
        return rx.el.label(
            rx.el.input(type="checkbox", name=name, default_checked=is_checked),
            rx.el.span(label),
            class_name="tick-box",
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
            checkbox(prefix + "boss", "The department's manager", choice.department_manager),
            class_name="tick-boxes",
        ),
        rx.el.div(
            rx.foreach(
                choice.people,
                lambda one: w.tag_chip(
                    one.label,
                    on_remove=PolicyDialog.choose_person(step.key, group, one.value, one.label),
                ),
            ),
            lookup_menu(
                w.button("Name somebody", icon="plus", variant="quiet"),
                "staff",
                "Find somebody",
                lambda entry: PolicyDialog.choose_person(step.key, group, entry.value, entry.label),
            ),
            class_name="set-facts",
        ),
        fields.field_error(error),
        class_name="tick-group",
    )


def _step_card(step: Any, index: Any) -> rx.Component:
    def error_for(name: str) -> Any:
        return PolicyDialog.errors[rx.Var.create(step.key) + f".{name}"]

    def field_name(name: str) -> Any:
        return rx.Var.create(step.key) + f".{name}"

    return rx.el.li(
        rx.el.div(
            rx.el.b("Step ", index + 1),
            rx.cond(
                PolicyDialog.form.steps.length() > 1,
                w.icon_button(
                    "x",
                    "Remove step " + (index + 1).to_string(),
                    size="small",
                    on_click=PolicyDialog.remove_step(step.key),
                ),
            ),
            class_name="step-top",
        ),
        _approver_picker("Who is asked", step, "approvers", error_for("approvers")),
        rx.el.div(
            fields.labelled_field(
                "How many must agree",
                rx.el.span(
                    w.select_input(
                        field_name("quorum"),
                        [("any", "Any one of them"), ("all", "All of them"), ("some", "At least")],
                        value=step.quorum,
                    ),
                    w.text_input(
                        field_name("most"),
                        value=step.min_approvals,
                        input_mode="numeric",
                        max_length=3,
                        aria_label="At least so many",
                    ),
                    class_name="quorum",
                ),
                error_for("quorum"),
            ),
            fields.labelled_field(
                "Time to decide (optional)",
                rx.el.span(
                    w.text_input(
                        field_name("amount"), value=step.amount, input_mode="decimal", max_length=8
                    ),
                    w.select_input(
                        field_name("unit"),
                        [("hours", "hours"), ("days", "days")],
                        value=step.unit,
                        aria_label="Hours or days",
                    ),
                    class_name="amount",
                ),
                error_for("hours"),
            ),
            class_name="side",
        ),
        rx.el.details(
            rx.el.summary("When the time is up, and its name"),
            rx.el.div(
                _approver_picker(
                    "Who is asked then (administrators, if nobody is chosen)",
                    step,
                    "escalation",
                    error_for("escalates_to"),
                ),
                fields.labelled_field(
                    "Name of the step (optional)",
                    w.text_input(
                        field_name("name"), value=step.name, max_length=120, auto_complete="off"
                    ),
                    error_for("name"),
                ),
                class_name="more",
            ),
            open=(step.escalation.roles.length() > 0)
            | step.escalation.department_manager
            | (step.escalation.people.length() > 0)
            | (step.name != ""),
        ),
        class_name="step-card",
        key=step.key,
    )


def policy_dialogs(on_change: Any) -> rx.Component:
    """Return the dialogs, once per page; `on_change` runs after they are submitted."""
    form, errors = PolicyDialog.form, PolicyDialog.errors
    is_new = PolicyDialog.editing == NEW
    return rx.fragment(
        fields.dialog(
            rx.cond(
                is_new,
                "Add an approval policy",
                rx.Var.create("Change “") + PolicyDialog.name + "”",
            ),
            "A ticket that meets every condition waits for approval when it is filed. "
            "No condition means any ticket.",
            fields.labelled_field(
                "Name",
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
            rx.el.ol(rx.foreach(form.steps, _step_card), class_name="plain step-cards"),
            fields.field_error(errors["steps"]),
            rx.cond(
                form.steps.length() < MAX_STEPS,
                rx.el.div(
                    w.button("Add a step", icon="plus", on_click=PolicyDialog.add_step),
                ),
            ),
            rx.el.div(
                rx.el.label(
                    rx.el.input(
                        type="checkbox", name="allows_own", default_checked=form.allows_own
                    ),
                    rx.el.span("People may approve their own requests"),
                    class_name="tick-box",
                ),
                class_name="tick-group",
            ),
            fields.labelled_field(
                "Order",
                w.text_input(
                    "rank",
                    value=form.rank,
                    input_mode="numeric",
                    max_length=6,
                ),
                errors["rank"],
                hint="The first policy that fits counts; lower numbers are asked first.",
            ),
            name=EDIT_DIALOG,
            on_submit=[PolicyDialog.save(OpenDialog.fingerprint), on_change],
            button_label=rx.cond(is_new, "Add policy", "Save"),
            error=errors[""],
            width="640px",
        ),
        fields.confirm_dialog(
            rx.Var.create("Delete “") + PolicyDialog.name + "”?",
            "No ticket will need this approval any more. What was decided stays, and what waits "
            "for a decision still waits.",
            name=DELETE_DIALOG,
            on_confirm=[PolicyDialog.delete(OpenDialog.fingerprint), on_change],
            button_label="Delete policy",
            error=PolicyDialog.delete_error,
        ),
    )


def _conditions(form: Any, errors: Any) -> list[rx.Component]:
    return [
        fields.kind_checkboxes(form.kinds),
        fields.priority_checkboxes(form.priorities),
        rx.el.fieldset(
            rx.el.legend("Departments", class_name="field-label"),
            rx.el.div(
                rx.cond(
                    form.departments.length() == 0,
                    rx.el.span("Any department", class_name="soft"),
                ),
                rx.foreach(
                    form.departments,
                    lambda one: w.tag_chip(
                        one.label, on_remove=PolicyDialog.choose_department(one.value, one.label)
                    ),
                ),
                lookup_menu(
                    w.button("Choose", icon="plus", variant="quiet"),
                    "department",
                    "Find a department",
                    lambda entry: PolicyDialog.choose_department(entry.value, entry.label),
                ),
                class_name="set-facts",
            ),
            fields.field_error(errors["department_ids"]),
            class_name="tick-group",
        ),
    ]


def policy_menu(row: rx.Var[PolicyRow]) -> rx.Component:
    return w.menu_root(
        rx.dropdown_menu.trigger(w.icon_button("ellipsis", "More for " + row.name)),
        rx.dropdown_menu.content(
            w.menu_title(row.name),
            rx.dropdown_menu.item("Change…", on_select=PolicyDialog.edit(row.id)),
            rx.dropdown_menu.separator(),
            rx.dropdown_menu.item(
                "Delete…", color="red", on_select=PolicyDialog.confirm_delete(row.id)
            ),
            size="1",
            align="end",
        ),
    )

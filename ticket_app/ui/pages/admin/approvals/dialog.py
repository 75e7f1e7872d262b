"""The dialog in which an approval policy is made and changed."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ticket_app.core.approvals.policies import MOST_STEPS
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import OpenDialog
from ticket_app.ui.pages.admin import fields
from ticket_app.ui.pages.admin.approvals.editing import DELETE, EDIT, NEW, PolicyDialog
from ticket_app.ui.pages.admin.approvals.rows import ROLES, PolicyRow
from ticket_app.ui.pages.desk.finder import find_menu


def _meant(legend: str, step: Any, part: str, error: Any) -> rx.Component:
    """Who is meant: roles, the department's manager, people by name."""
    meant = step.asks if part == "asks" else step.after
    prefix = rx.Var.create(step.key) + f".{part}."

    def box(name: Any, words: str, on: Any) -> rx.Component:
        return rx.el.label(
            rx.el.input(type="checkbox", name=name, default_checked=on),
            rx.el.span(words),
            class_name="tick-box",
        )

    return rx.el.fieldset(
        rx.el.legend(legend, class_name="field-label"),
        rx.el.div(
            *(
                box(prefix + f"role.{role}", f"{word.capitalize()}s", meant.roles.contains(role))
                for role, word in ROLES.items()
            ),
            box(prefix + "boss", "The department's manager", meant.boss),
            class_name="tick-boxes",
        ),
        rx.el.div(
            rx.foreach(
                meant.people,
                lambda one: w.tag(
                    one.label,
                    on_remove=PolicyDialog.choose_person(step.key, part, one.value, one.label),
                ),
            ),
            find_menu(
                w.button("Name somebody", icon="plus", look="quiet"),
                "staff",
                "Find somebody",
                lambda entry: PolicyDialog.choose_person(step.key, part, entry.value, entry.label),
            ),
            class_name="set-facts",
        ),
        fields.problem(error),
        class_name="tick-group",
    )


def _step(step: Any, n: Any) -> rx.Component:
    def wrong(name: str) -> Any:
        return PolicyDialog.errors[rx.Var.create(step.key) + f".{name}"]

    def named(name: str) -> Any:
        return rx.Var.create(step.key) + f".{name}"

    return rx.el.li(
        rx.el.div(
            rx.el.b("Step ", n + 1),
            rx.cond(
                PolicyDialog.form.steps.length() > 1,
                w.icon_button(
                    "x",
                    "Remove step " + (n + 1).to_string(),
                    size="small",
                    on_click=PolicyDialog.remove_step(step.key),
                ),
            ),
            class_name="step-top",
        ),
        _meant("Who is asked", step, "asks", wrong("approvers")),
        rx.el.div(
            fields.labelled(
                "How many must agree",
                rx.el.span(
                    w.select_input(
                        named("quorum"),
                        [("any", "Any one of them"), ("all", "All of them"), ("some", "At least")],
                        value=step.quorum,
                    ),
                    w.text_input(
                        named("most"),
                        value=step.most,
                        input_mode="numeric",
                        max_length=3,
                        aria_label="At least so many",
                    ),
                    class_name="quorum",
                ),
                wrong("quorum"),
            ),
            fields.labelled(
                "Time to decide (optional)",
                rx.el.span(
                    w.text_input(
                        named("amount"), value=step.amount, input_mode="decimal", max_length=8
                    ),
                    w.select_input(
                        named("unit"),
                        [("hours", "hours"), ("days", "days")],
                        value=step.unit,
                        aria_label="Hours or days",
                    ),
                    class_name="amount",
                ),
                wrong("hours"),
            ),
            class_name="side",
        ),
        rx.el.details(
            rx.el.summary("When the time is up, and its name"),
            rx.el.div(
                _meant(
                    "Who is asked then (administrators, if nobody is chosen)",
                    step,
                    "after",
                    wrong("escalates_to"),
                ),
                fields.labelled(
                    "Name of the step (optional)",
                    w.text_input(
                        named("name"), value=step.name, max_length=120, auto_complete="off"
                    ),
                    wrong("name"),
                ),
                class_name="more",
            ),
            open=(step.after.roles.length() > 0)
            | step.after.boss
            | (step.after.people.length() > 0)
            | (step.name != ""),
        ),
        class_name="step-card",
        key=step.key,
    )


def policy_dialogs(after: Any) -> rx.Component:
    """The dialogs; once on the page. `after` runs when something may have changed."""
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
            fields.labelled(
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
            rx.el.ol(rx.foreach(form.steps, _step), class_name="plain step-cards"),
            fields.problem(errors["steps"]),
            rx.cond(
                form.steps.length() < MOST_STEPS,
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
            fields.labelled(
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
            name=EDIT,
            on_submit=[PolicyDialog.save(OpenDialog.seen), after],
            button=rx.cond(is_new, "Add policy", "Save"),
            error=errors[""],
            width="640px",
        ),
        fields.sure_dialog(
            rx.Var.create("Delete “") + PolicyDialog.name + "”?",
            "No ticket will need this approval any more. What was decided stays, and what waits "
            "for a decision still waits.",
            name=DELETE,
            on_sure=[PolicyDialog.delete(OpenDialog.seen), after],
            button="Delete policy",
            error=PolicyDialog.refusal,
        ),
    )


def _conditions(form: Any, errors: Any) -> list[rx.Component]:
    return [
        fields.kind_ticks(form.kinds),
        fields.priority_ticks(form.priorities),
        rx.el.fieldset(
            rx.el.legend("Departments", class_name="field-label"),
            rx.el.div(
                rx.cond(
                    form.departments.length() == 0,
                    rx.el.span("Any department", class_name="soft"),
                ),
                rx.foreach(
                    form.departments,
                    lambda one: w.tag(
                        one.label, on_remove=PolicyDialog.choose_department(one.value, one.label)
                    ),
                ),
                find_menu(
                    w.button("Choose", icon="plus", look="quiet"),
                    "department",
                    "Find a department",
                    lambda entry: PolicyDialog.choose_department(entry.value, entry.label),
                ),
                class_name="set-facts",
            ),
            fields.problem(errors["department_ids"]),
            class_name="tick-group",
        ),
    ]


def policy_menu(row: rx.Var[PolicyRow]) -> rx.Component:
    """What else can be done with a policy."""
    return w.menu_root(
        rx.dropdown_menu.trigger(w.icon_button("ellipsis", "More for " + row.name)),
        rx.dropdown_menu.content(
            w.menu_title(row.name),
            rx.dropdown_menu.item("Change…", on_select=PolicyDialog.edit(row.id)),
            rx.dropdown_menu.separator(),
            rx.dropdown_menu.item("Delete…", color="red", on_select=PolicyDialog.ask(row.id)),
            size="1",
            align="end",
        ),
    )

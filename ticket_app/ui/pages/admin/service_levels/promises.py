"""The dialog in which a service level is made and changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import reflex as rx

from ticket_app.core.platform.errors import DeskError, Invalid, Unauthenticated
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Kind, Priority
from ticket_app.core.sla import calendars as business_calendars
from ticket_app.core.sla import policies as sla_policies
from ticket_app.core.sla.calendars import may_set_up
from ticket_app.core.sla.policies import LARGEST_RANK, LONGEST_TARGET
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import OpenDialog, close_dialog, confirm, expect_same, open_dialog
from ticket_app.ui.pages.admin import fields
from ticket_app.ui.pages.admin.service_levels.rows import LevelForm, level_form
from ticket_app.ui.pages.desk.finder import find_menu

NEW: Final = -1
EDIT: Final = "service-level"
DELETE: Final = "delete-service-level"
UNITS: Final = {"minutes": 1, "hours": 60}
LABELS: Final = {
    "name": "The name",
    "rank": "The order",
    "company_id": "The company",
    "respond_minutes": "The first reply",
    "resolve_minutes": "The solution",
    "resolution_minutes": "A solution",
    "calendar_id": "The calendar",
    "warn_percent": "The warning",
}


def _calendars(desk: Desk) -> tuple[list[tuple[str, str]], str]:
    may_set_up(desk)
    rows = business_calendars.calendars(desk)
    usual = next((str(row.id) for row in rows if row.is_default), "")
    return [("", "Around the clock"), *((str(row.id), row.name) for row in rows)], usual


def _add(desk: Desk, told: dict[str, Any]) -> None:
    sla_policies.add_policy(desk, **told)


def _turn(desk: Desk, policy_id: int, on: bool) -> None:
    sla_policies.change_policy(desk, policy_id, {"is_active": on})


def _change(desk: Desk, policy_id: int, seen: LevelForm, told: dict[str, Any]) -> None:
    expect_same(desk, level_form, policy_id, seen, f"The service level “{seen.name}”")
    sla_policies.change_policy(desk, policy_id, told)


def _remove(desk: Desk, policy_id: int, seen: LevelForm) -> None:
    expect_same(desk, level_form, policy_id, seen, f"The service level “{seen.name}”")
    sla_policies.remove_policy(desk, policy_id)


class LevelDialog(rx.State):
    """The service level that is made or changed, and what is wrong with it."""

    editing: int = 0
    form: LevelForm = LevelForm()
    calendars: list[tuple[str, str]] = []
    errors: dict[str, str] = {}
    name: str = ""
    refusal: str = ""

    _seen: LevelForm = LevelForm()

    @bridge.event
    async def add(self) -> None:
        """Ask for a new service level, by the hours of the default calendar."""
        self.calendars, usual = await bridge.read(self, _calendars)
        self.editing, self.errors, self.form = NEW, {}, LevelForm(calendar_id=usual)
        await open_dialog(self, EDIT, NEW)

    @bridge.event
    async def edit(self, policy_id: int) -> None:
        """Ask what is to change of a service level."""
        self.calendars, _ = await bridge.read(self, _calendars)
        self.form = self._seen = await bridge.read(self, level_form, policy_id)
        self.name = self._seen.name
        self.editing, self.errors = policy_id, {}
        await open_dialog(self, EDIT, policy_id, self._seen)

    @bridge.event
    def choose_company(self, value: str, label: str) -> None:
        """For whose tickets; empty for everybody's."""
        if value.isdecimal() or not value:
            self.form = replace(self.form, company_id=value[:10], company=label[:200])

    @bridge.submission
    async def save(self, seen: str, form: dict[str, Any]) -> Any:
        """Make or change it; what is wrong is said at its field."""
        await confirm(self, EDIT, seen)
        try:
            told = self._told(form)
            if self.editing == NEW:
                await bridge.write(self, _add, told)
            elif self.editing:
                await bridge.write(self, _change, self.editing, self._seen, told)
        except Unauthenticated:
            raise
        except DeskError as no:
            self.errors = fields.wrong_fields(no, LABELS)
            wrong = next(iter(self.errors), "")
            return w.focus_on({"resolution_minutes": "resolve_minutes"}.get(wrong, wrong))
        done = f"Service level “{told['name']}” " + ("added" if self.editing == NEW else "changed")
        await close_dialog(self)
        return w.toast(done, tone="green", detail="It counts for promises made from now on.")

    def _told(self, form: Mapping[str, Any]) -> dict[str, Any]:
        kinds, priorities = fields.ticked(form, "kind."), fields.ticked(form, "priority.")
        problems: list[tuple[str, str]] = []

        def number(name: str, most: int, unit: int = 1) -> int | None:
            try:
                told = fields.whole(form.get(name))
            except ValueError:
                problems.append((name, f"must be a whole number of at most {most // unit:,}"))
                return None
            return None if told is None else told * unit

        def target(name: str) -> int | None:
            return number(name, LONGEST_TARGET, UNITS.get(str(form.get(f"{name}.unit")), 1))

        calendar = str(form.get("calendar_id", ""))
        told = {
            "name": str(form.get("name", "")),
            "rank": number("rank", LARGEST_RANK) or 0,
            "kinds": [kind for kind in Kind if kind in kinds],
            "priorities": [one for one in Priority if one in priorities],
            "company_id": int(self.form.company_id) if self.form.company_id else None,
            "respond_minutes": target("respond_minutes"),
            "resolve_minutes": target("resolve_minutes"),
            "calendar_id": int(calendar) if calendar.isdecimal() and len(calendar) < 10 else None,
            "warn_percent": number("warn_percent", 99),
        }
        if problems:
            raise Invalid.several(problems)
        return told

    @bridge.event
    async def turn(self, policy_id: int, on: bool) -> Any:
        """Switch a service level on or off."""
        await bridge.write(self, _turn, policy_id, bool(on))
        return w.toast("Service level switched on" if on else "Service level switched off")

    @bridge.event
    async def ask(self, policy_id: int) -> None:
        """Make sure before a service level is deleted."""
        self._seen = await bridge.read(self, level_form, policy_id)
        self.editing, self.name, self.refusal = policy_id, self._seen.name, ""
        await open_dialog(self, DELETE, policy_id, self._seen)

    @bridge.event
    async def delete(self, seen: str) -> Any:
        """Promise nothing by it any more; one that tickets go by stays."""
        await confirm(self, DELETE, seen)
        try:
            await bridge.write(self, _remove, self.editing, self._seen)
        except Unauthenticated:
            raise
        except DeskError as no:
            self.refusal = no.message
            return None
        await close_dialog(self)
        return w.toast(f"Service level “{self.name}” deleted")


def _target(label: str, name: str, value: Any, unit: Any, error: Any) -> rx.Component:
    return fields.labelled(
        label,
        rx.el.span(
            w.text_input(name, value=value, input_mode="numeric", max_length=7),
            w.select_input(
                f"{name}.unit",
                [("hours", "hours"), ("minutes", "minutes")],
                value=unit,
                aria_label="Hours or minutes",
            ),
            class_name="amount",
        ),
        error,
    )


def level_dialogs(after: Any) -> rx.Component:
    """The dialogs; once on the page. `after` runs when something may have changed."""
    form, errors = LevelDialog.form, LevelDialog.errors
    is_new = LevelDialog.editing == NEW
    return rx.fragment(
        fields.dialog(
            rx.cond(
                is_new, "Add a service level", rx.Var.create("Change “") + LevelDialog.name + "”"
            ),
            "A ticket takes the first service level whose conditions it meets.",
            fields.labelled(
                "Name",
                w.text_input(
                    "name", value=form.name, max_length=120, auto_complete="off", auto_focus=True
                ),
                errors["name"],
            ),
            fields.kind_ticks(form.kinds),
            fields.priority_ticks(form.priorities),
            rx.el.fieldset(
                rx.el.legend("Company", class_name="field-label"),
                rx.el.div(
                    rx.cond(
                        form.company_id == "",
                        rx.el.span("Any company", class_name="soft"),
                        w.tag(form.company, on_remove=LevelDialog.choose_company("", "")),
                    ),
                    find_menu(
                        w.button("Choose", icon="plus", look="quiet"),
                        "company",
                        "Find a company",
                        lambda entry: LevelDialog.choose_company(entry.value, entry.label),
                    ),
                    class_name="set-facts",
                ),
                fields.problem(errors["company_id"]),
                class_name="tick-group",
            ),
            rx.el.div(
                _target(
                    "First reply within",
                    "respond_minutes",
                    form.respond,
                    form.respond_unit,
                    errors["respond_minutes"],
                ),
                _target(
                    "Solved within",
                    "resolve_minutes",
                    form.resolve,
                    form.resolve_unit,
                    rx.cond(
                        errors["resolution_minutes"],
                        errors["resolution_minutes"],
                        errors["resolve_minutes"],
                    ),
                ),
                class_name="side",
            ),
            rx.el.div(
                fields.labelled(
                    "Counted",
                    w.select_input("calendar_id", LevelDialog.calendars, value=form.calendar_id),
                    errors["calendar_id"],
                ),
                fields.labelled(
                    "Warn at, in % of the time",
                    w.text_input("warn_percent", value=form.warn, input_mode="numeric"),
                    errors["warn_percent"],
                    hint="Empty: without a warning.",
                ),
                fields.labelled(
                    "Order",
                    w.text_input("rank", value=form.rank, input_mode="numeric", max_length=7),
                    errors["rank"],
                    hint="Lower numbers are tried first.",
                ),
                class_name="side",
            ),
            name=EDIT,
            on_submit=[LevelDialog.save(OpenDialog.seen), after],
            button=rx.cond(is_new, "Add service level", "Save"),
            error=errors[""],
            width="600px",
        ),
        fields.sure_dialog(
            rx.Var.create("Delete “") + LevelDialog.name + "”?",
            "New tickets get no targets from it any more.",
            name=DELETE,
            on_sure=[LevelDialog.delete(OpenDialog.seen), after],
            button="Delete service level",
            error=LevelDialog.refusal,
        ),
    )

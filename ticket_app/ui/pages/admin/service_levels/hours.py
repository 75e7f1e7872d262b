"""The dialog in which a calendar is made and changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import reflex as rx

from ticket_app.core.platform.errors import DeskError, Invalid, Unauthenticated
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.sla import business_time
from ticket_app.core.sla import calendars as business_calendars
from ticket_app.core.sla.business_time import Week
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import OpenDialog, close_dialog, confirm, expect_same, open_dialog
from ticket_app.ui.pages.admin import fields
from ticket_app.ui.pages.admin.service_levels.rows import (
    DAYS,
    CalendarForm,
    calendar_form,
    days_form,
    days_of,
    windows_of,
)

NEW: Final = -1
EDIT: Final = "calendar"
DELETE: Final = "delete-calendar"
OFFICE: Final[Week] = (((9 * 60, 17 * 60),),) * 5 + ((), ())
ZONES: Final = "zones"
LABELS: Final = {
    "name": "The name",
    "time_zone": "This",
    "windows": "The hours",
    "country": "This",
    "subdivision": "The part",
    "closed_on": "These",
}


def _places(desk: Desk) -> tuple[list[str], list[tuple[str, str]]]:
    business_calendars.may_set_up(desk)
    return business_time.zones(), [("", "None"), *business_time.holiday_countries()]


def _add(desk: Desk, told: dict[str, Any]) -> None:
    business_calendars.add_calendar(desk, **told)


def _change(desk: Desk, calendar_id: int, seen: CalendarForm, told: dict[str, Any]) -> None:
    expect_same(desk, calendar_form, calendar_id, seen, f"The calendar “{seen.name}”")
    business_calendars.change_calendar(desk, calendar_id, told)


def _remove(desk: Desk, calendar_id: int, seen: CalendarForm) -> None:
    expect_same(desk, calendar_form, calendar_id, seen, f"The calendar “{seen.name}”")
    business_calendars.remove_calendar(desk, calendar_id)


class CalendarDialog(rx.State):
    """The calendar that is made or changed, and what is wrong with it."""

    editing: int = 0
    form: CalendarForm = CalendarForm()
    zones: list[str] = []
    countries: list[tuple[str, str]] = []
    errors: dict[str, str] = {}
    name: str = ""
    refusal: str = ""

    _seen: CalendarForm = CalendarForm()

    @bridge.event
    async def add(self) -> None:
        """Ask for a new calendar, of an office's hours."""
        self.zones, self.countries = await bridge.read(self, _places)
        self.editing, self.errors = NEW, {}
        self.form = CalendarForm(days=days_form(OFFICE))
        await open_dialog(self, EDIT, NEW)

    @bridge.event
    async def edit(self, calendar_id: int) -> None:
        """Ask what is to change of a calendar."""
        self.zones, self.countries = await bridge.read(self, _places)
        self.form = self._seen = await bridge.read(self, calendar_form, calendar_id)
        self.name = self._seen.name
        self.editing, self.errors = calendar_id, {}
        await open_dialog(self, EDIT, calendar_id, self._seen)

    @bridge.submission
    async def save(self, seen: str, form: dict[str, Any]) -> Any:
        """Make or change it; what is wrong is said at its field."""
        await confirm(self, EDIT, seen)
        try:
            told = _told(form)
            if self.editing == NEW:
                await bridge.write(self, _add, told)
            elif self.editing:
                await bridge.write(self, _change, self.editing, self._seen, told)
        except Unauthenticated:
            raise
        except DeskError as no:
            days = {f"day.{n}": day for n, day in enumerate(DAYS)}
            self.errors = fields.wrong_fields(no, LABELS | days)
            wrong = next(iter(self.errors), "")
            return w.focus_on({"windows": "day.0"}.get(wrong, wrong))
        done = f"Calendar “{told['name']}” " + ("added" if self.editing == NEW else "changed")
        await close_dialog(self)
        return w.toast(done, tone="green", detail="It counts for promises made from now on.")

    @bridge.event
    async def ask(self, calendar_id: int) -> None:
        """Make sure before a calendar is deleted."""
        self._seen = await bridge.read(self, calendar_form, calendar_id)
        self.editing, self.name, self.refusal = calendar_id, self._seen.name, ""
        await open_dialog(self, DELETE, calendar_id, self._seen)

    @bridge.event
    async def delete(self, seen: str) -> Any:
        """Count by it no more; one that a service level counts by stays."""
        await confirm(self, DELETE, seen)
        try:
            await bridge.write(self, _remove, self.editing, self._seen)
        except Unauthenticated:
            raise
        except DeskError as no:
            self.refusal = no.message
            return None
        await close_dialog(self)
        return w.toast(f"Calendar “{self.name}” deleted")


def _told(form: Mapping[str, Any]) -> dict[str, Any]:
    """What a form says of a calendar. Raises `Invalid`."""
    problems: list[tuple[str, str]] = []
    week = []
    for n in range(len(DAYS)):
        try:
            week.append(windows_of(str(form.get(f"day.{n}", ""))[:300]))
        except ValueError:
            problems.append((f"day.{n}", "must be times such as 09:00–12:00, 13:00–17:30"))
    closed_on = []
    try:
        closed_on = days_of(str(form.get("closed_on", ""))[:10_000])
    except Invalid as wrong:
        problems += wrong.problems
    if problems:
        raise Invalid.several(problems)
    return {
        "name": str(form.get("name", "")),
        "zone": str(form.get("time_zone", "")).strip().replace(" ", "_"),
        "week": tuple(week),
        "country": str(form.get("country", "")) or None,
        "subdivision": str(form.get("subdivision", "")).strip() or None,
        "closed_on": closed_on,
        "is_default": bool(form.get("is_default")),
    }


def _day(day: Any) -> rx.Component:
    return rx.el.div(
        rx.el.label(
            rx.el.span(day[1]),
            w.text_input(
                day[0], value=day[2], placeholder="Closed", max_length=300, auto_complete="off"
            ),
            class_name="day-line",
        ),
        fields.problem(CalendarDialog.errors[day[0]]),
        key=day[0],
    )


def calendar_dialogs(after: Any) -> rx.Component:
    """The dialogs; once on the page. `after` runs when something may have changed."""
    form, errors = CalendarDialog.form, CalendarDialog.errors
    is_new = CalendarDialog.editing == NEW
    return rx.fragment(
        fields.dialog(
            rx.cond(
                is_new, "Add a calendar", rx.Var.create("Change “") + CalendarDialog.name + "”"
            ),
            "Time passes for a promise only while its calendar is open.",
            rx.el.div(
                fields.labelled(
                    "Name",
                    w.text_input(
                        "name",
                        value=form.name,
                        max_length=120,
                        auto_complete="off",
                        auto_focus=True,
                    ),
                    errors["name"],
                ),
                fields.labelled(
                    "Time zone",
                    w.text_input(
                        "time_zone",
                        value=form.zone,
                        list=ZONES,
                        max_length=64,
                        auto_complete="off",
                        placeholder="Europe/Berlin",
                    ),
                    errors["time_zone"],
                ),
                class_name="side",
            ),
            rx.el.datalist(
                rx.foreach(CalendarDialog.zones, lambda zone: rx.el.option(value=zone)),
                custom_attrs={"id": ZONES},
            ),
            rx.el.fieldset(
                rx.el.legend("Open", class_name="field-label"),
                rx.foreach(form.days, _day),
                rx.el.p(
                    "Several times a day with commas between: 09:00–12:00, 13:00–17:30.",
                    class_name="soft fine",
                ),
                fields.problem(errors["windows"]),
                class_name="tick-group day-lines",
            ),
            rx.el.div(
                fields.labelled(
                    "Public holidays of",
                    w.select_input("country", CalendarDialog.countries, value=form.country),
                    errors["country"],
                ),
                fields.labelled(
                    "State or region (optional)",
                    w.text_input(
                        "subdivision",
                        value=form.subdivision,
                        max_length=40,
                        auto_complete="off",
                        placeholder="BY",
                    ),
                    errors["subdivision"],
                ),
                class_name="side",
            ),
            fields.labelled(
                "Closed besides (optional)",
                w.text_area("closed_on", value=form.closed_on, rows=2, placeholder="2026-12-24"),
                errors["closed_on"],
                hint="One day a line.",
            ),
            rx.el.label(
                rx.el.input(type="checkbox", name="is_default", default_checked=form.is_default),
                rx.el.span("Default calendar of new service levels"),
                class_name="tick-box",
            ),
            name=EDIT,
            on_submit=[CalendarDialog.save(OpenDialog.seen), after],
            button=rx.cond(is_new, "Add calendar", "Save"),
            error=errors[""],
        ),
        fields.sure_dialog(
            rx.Var.create("Delete “") + CalendarDialog.name + "”?",
            "This cannot be undone.",
            name=DELETE,
            on_sure=[CalendarDialog.delete(OpenDialog.seen), after],
            button="Delete calendar",
            error=CalendarDialog.refusal,
        ),
    )

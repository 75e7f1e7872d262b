"""The dialogs that add, change and delete a business calendar."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import reflex as rx

from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.sla import business_time
from ticket_app.core.sla import calendars as business_calendars
from ticket_app.core.sla.business_time import Week
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import (
    OpenDialog,
    ensure_dialog_is_current,
    open_dialog,
)
from ticket_app.ui.pages.admin import fields, texts
from ticket_app.ui.pages.admin.dialog_actions import (
    NEW,
    DeletableObject,
    SettingsDialog,
    delete_from_dialog,
    open_delete_dialog,
    save_from_dialog,
)
from ticket_app.ui.pages.admin.service_levels.rows import (
    WEEKDAYS,
    CalendarForm,
    calendar_form,
    day_fields,
    parse_dates,
    parse_opening_hours,
)

EDIT_DIALOG: Final = "calendar"
DELETE_DIALOG: Final = "delete-calendar"
OFFICE_HOURS: Final[Week] = (((9 * 60, 17 * 60),),) * 5 + ((), ())
ZONES_LIST_ID: Final = "zones"
FIELD_LABELS: Final = {
    "name": texts.FIELD_NAME,
    "time_zone": texts.FIELD_THIS,
    "windows": texts.CALENDAR_FIELD_HOURS,
    "country": texts.FIELD_THIS,
    "subdivision": texts.CALENDAR_FIELD_REGION,
    "closed_on": texts.FIELD_THESE,
}


def _load_choices(uow: UnitOfWork) -> tuple[list[str], list[tuple[str, str]]]:
    business_calendars.ensure_can_configure(uow)
    return business_time.list_time_zones(), [
        ("", texts.CALENDAR_NO_HOLIDAYS),
        *business_time.list_holiday_countries(),
    ]


CALENDARS: Final = DeletableObject(
    load=calendar_form,
    subject=lambda form: texts.calendar_subject(form.name),
    create=lambda uow, values: business_calendars.create_calendar(uow, **values),
    update=business_calendars.update_calendar,
    delete=business_calendars.delete_calendar,
    added_text=texts.calendar_added,
    changed_text=texts.calendar_changed,
    deleted_text=texts.calendar_deleted,
    saved_detail=texts.SLA_SAVED_DETAIL,
)


class CalendarDialog(SettingsDialog, rx.State):
    """The calendar in the open dialog, and its errors."""

    form: CalendarForm = CalendarForm()
    zones: list[str] = []
    countries: list[tuple[str, str]] = []

    _original: CalendarForm = CalendarForm()

    @bridge.event
    async def add(self) -> None:
        """Open the dialog with office hours."""
        self.zones, self.countries = await bridge.read(self, _load_choices)
        self.editing, self.errors = NEW, {}
        self.form = CalendarForm(days=day_fields(OFFICE_HOURS))
        await open_dialog(self, EDIT_DIALOG, NEW)

    @bridge.event
    async def edit(self, calendar_id: int) -> None:
        """Open the dialog with the calendar's current values."""
        self.zones, self.countries = await bridge.read(self, _load_choices)
        self.form = self._original = await bridge.read(self, calendar_form, calendar_id)
        self.name = self._original.name
        self.editing, self.errors = calendar_id, {}
        await open_dialog(self, EDIT_DIALOG, calendar_id, self._original)

    @bridge.submission
    async def save(self, seen: str, form: bridge.FormData) -> bridge.Events:
        """Create or update the calendar; errors appear at their fields."""
        await ensure_dialog_is_current(self, EDIT_DIALOG, seen)
        saved = await save_from_dialog(
            self,
            CALENDARS,
            None if self.editing == NEW else self.editing,
            self._original,
            lambda: _parse_form(form),
            name=str(form.get("name", "")),
        )
        if saved.error:
            days = {f"day.{n}": day for n, day in enumerate(WEEKDAYS)}
            self.errors = fields.field_errors(saved.error, FIELD_LABELS | days)
            wrong = next(iter(self.errors), "")
            return w.focus_on({"windows": "day.0"}.get(wrong, wrong))
        return saved.message

    @bridge.event
    async def confirm_delete(self, calendar_id: int) -> None:
        """Open the confirmation dialog."""
        self._original = await open_delete_dialog(self, DELETE_DIALOG, CALENDARS, calendar_id)
        self.editing, self.name, self.delete_error = calendar_id, self._original.name, ""

    @bridge.event
    async def delete(self, seen: str) -> bridge.Events:
        """Delete the calendar, unless an SLA policy uses it."""
        await ensure_dialog_is_current(self, DELETE_DIALOG, seen)
        return await delete_from_dialog(self, CALENDARS, self._original)


def _parse_form(form: Mapping[str, object]) -> dict[str, object]:
    """Parse the form into calendar fields. Raises `Invalid`."""
    problems: list[tuple[str, str]] = []
    week = []
    for n in range(len(WEEKDAYS)):
        name = f"day.{n}"
        try:
            week.append(parse_opening_hours(name, str(form.get(name, ""))[:300]))
        except Invalid as wrong:
            problems += wrong.problems
    closed_on = []
    try:
        closed_on = parse_dates("closed_on", str(form.get("closed_on", ""))[:10_000])
    except Invalid as wrong:
        problems += wrong.problems
    if problems:
        raise Invalid.from_problems(problems)
    return {
        "name": str(form.get("name", "")),
        "zone": str(form.get("time_zone", "")).strip().replace(" ", "_"),
        "week": tuple(week),
        "country": str(form.get("country", "")) or None,
        "subdivision": str(form.get("subdivision", "")).strip() or None,
        "closed_on": closed_on,
        "is_default": bool(form.get("is_default")),
    }


def _day_field(day: rx.Var[tuple[str, str, str]]) -> rx.Component:
    return rx.el.div(
        rx.el.label(
            rx.el.span(day[1]),
            w.text_input(
                day[0],
                value=day[2],
                placeholder=texts.CALENDAR_CLOSED,
                max_length=300,
                auto_complete="off",
            ),
            class_name="opening-hours-row",
        ),
        fields.field_error(CalendarDialog.errors[day[0]]),
        key=day[0],
    )


def calendar_dialogs(on_change: rx.event.EventType) -> rx.Component:
    """Return the dialogs, once per page; `on_change` runs after they are submitted."""
    form, errors = CalendarDialog.form, CalendarDialog.errors
    is_new = CalendarDialog.editing == NEW
    return rx.fragment(
        fields.dialog(
            rx.cond(is_new, texts.CALENDAR_ADD_TITLE, texts.edit_title(CalendarDialog.name)),
            texts.CALENDAR_HINT,
            rx.el.div(
                fields.labelled_field(
                    texts.NAME,
                    w.text_input(
                        "name",
                        value=form.name,
                        max_length=120,
                        auto_complete="off",
                        auto_focus=True,
                    ),
                    errors["name"],
                ),
                fields.labelled_field(
                    texts.CALENDAR_TIME_ZONE,
                    w.text_input(
                        "time_zone",
                        value=form.zone,
                        list=ZONES_LIST_ID,
                        max_length=64,
                        auto_complete="off",
                        placeholder=texts.CALENDAR_TIME_ZONE_EXAMPLE,
                    ),
                    errors["time_zone"],
                ),
                class_name="field-row",
            ),
            rx.el.datalist(
                rx.foreach(CalendarDialog.zones, lambda zone: rx.el.option(value=zone)),
                custom_attrs={"id": ZONES_LIST_ID},
            ),
            rx.el.fieldset(
                rx.el.legend(texts.CALENDAR_OPENING_HOURS, class_name="field-label"),
                rx.foreach(form.days, _day_field),
                rx.el.p(
                    texts.CALENDAR_OPENING_HOURS_HINT,
                    class_name="text-muted text-small",
                ),
                fields.field_error(errors["windows"]),
                class_name="checkbox-group opening-hours",
            ),
            rx.el.div(
                fields.labelled_field(
                    texts.CALENDAR_HOLIDAYS,
                    w.select_input("country", CalendarDialog.countries, value=form.country),
                    errors["country"],
                ),
                fields.labelled_field(
                    texts.CALENDAR_REGION,
                    w.text_input(
                        "subdivision",
                        value=form.subdivision,
                        max_length=40,
                        auto_complete="off",
                        placeholder="BY",
                    ),
                    errors["subdivision"],
                ),
                class_name="field-row",
            ),
            fields.labelled_field(
                texts.CALENDAR_CLOSED_DAYS,
                w.text_area("closed_on", value=form.closed_on, rows=2, placeholder="2026-12-24"),
                errors["closed_on"],
                hint=texts.CALENDAR_CLOSED_DAYS_HINT,
            ),
            rx.el.label(
                rx.el.input(type="checkbox", name="is_default", default_checked=form.is_default),
                rx.el.span(texts.CALENDAR_IS_DEFAULT),
                class_name="checkbox",
            ),
            name=EDIT_DIALOG,
            on_submit=[CalendarDialog.save(OpenDialog.fingerprint), on_change],
            button_label=rx.cond(is_new, texts.CALENDAR_ADD, texts.SAVE),
            error=errors[""],
        ),
        fields.confirm_dialog(
            texts.delete_title(CalendarDialog.name),
            texts.CALENDAR_DELETE_HINT,
            name=DELETE_DIALOG,
            on_confirm=[CalendarDialog.delete(OpenDialog.fingerprint), on_change],
            button_label=texts.CALENDAR_DELETE,
            error=CalendarDialog.delete_error,
        ),
    )

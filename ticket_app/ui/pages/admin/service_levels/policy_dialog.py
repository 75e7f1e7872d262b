"""The dialogs that add, change and delete an SLA policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import reflex as rx

from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Kind, Priority
from ticket_app.core.sla import calendars as business_calendars
from ticket_app.core.sla import policies as sla_policies
from ticket_app.core.sla.calendars import ensure_can_configure
from ticket_app.core.sla.policies import MAX_RANK, MAX_TARGET_MINUTES
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
from ticket_app.ui.pages.admin.service_levels.rows import SlaPolicyForm, sla_policy_form
from ticket_app.ui.pages.desk.lookup import lookup_menu
from ticket_app.ui.widgets.vars import Text

EDIT_DIALOG: Final = "service-level"
DELETE_DIALOG: Final = "delete-service-level"
UNIT_MINUTES: Final = {"minutes": 1, "hours": 60}
FIELD_LABELS: Final = {
    "name": texts.FIELD_NAME,
    "rank": texts.FIELD_ORDER,
    "company_id": texts.SLA_POLICY_FIELD_COMPANY,
    "respond_minutes": texts.SLA_POLICY_FIELD_FIRST_REPLY,
    "resolve_minutes": texts.SLA_POLICY_FIELD_RESOLUTION,
    "calendar_id": texts.SLA_POLICY_FIELD_CALENDAR,
    "warn_percent": texts.SLA_POLICY_FIELD_WARNING,
}


def _calendar_options(uow: UnitOfWork) -> tuple[list[tuple[str, str]], str]:
    ensure_can_configure(uow)
    rows = business_calendars.list_calendars(uow)
    default_id = next((str(row.id) for row in rows if row.is_default), "")
    return [
        ("", texts.SLA_POLICY_ALWAYS_OPEN),
        *((str(row.id), row.name) for row in rows),
    ], default_id


def _set_active(uow: UnitOfWork, policy_id: int, is_active: bool) -> None:
    sla_policies.update_policy(uow, policy_id, {"is_active": is_active})


POLICIES: Final = DeletableObject(
    load=sla_policy_form,
    subject=lambda form: texts.sla_policy_subject(form.name),
    create=lambda uow, values: sla_policies.create_policy(uow, **values),
    update=sla_policies.update_policy,
    delete=sla_policies.delete_policy,
    added_text=texts.sla_policy_added,
    changed_text=texts.sla_policy_changed,
    deleted_text=texts.sla_policy_deleted,
    saved_detail=texts.SLA_SAVED_DETAIL,
)


class SlaPolicyDialog(SettingsDialog, rx.State):
    """The SLA policy in the open dialog, and its errors."""

    form: SlaPolicyForm = SlaPolicyForm()
    calendars: list[tuple[str, str]] = []

    _original: SlaPolicyForm = SlaPolicyForm()

    @bridge.event
    async def add(self) -> None:
        """Open the dialog with the default calendar."""
        self.calendars, default_id = await bridge.read(self, _calendar_options)
        self.editing, self.errors, self.form = NEW, {}, SlaPolicyForm(calendar_id=default_id)
        await open_dialog(self, EDIT_DIALOG, NEW)

    @bridge.event
    async def edit(self, policy_id: int) -> None:
        """Open the dialog with the policy's current values."""
        self.calendars, _ = await bridge.read(self, _calendar_options)
        self.form = self._original = await bridge.read(self, sla_policy_form, policy_id)
        self.name = self._original.name
        self.editing, self.errors = policy_id, {}
        await open_dialog(self, EDIT_DIALOG, policy_id, self._original)

    @bridge.event
    def choose_company(self, value: str, label: str) -> None:
        """Choose the company whose tickets the policy applies to; none means all companies."""
        if value.isdecimal() or not value:
            self.form = replace(self.form, company_id=value[:10], company=label[:200])

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
            self.errors = fields.field_errors(saved.error, FIELD_LABELS)
            return w.focus_on(next(iter(self.errors), ""))
        return saved.message

    def _parse_form(self, form: Mapping[str, object]) -> dict[str, object]:
        kinds, priorities = (
            fields.checked_values(form, "kind."),
            fields.checked_values(form, "priority."),
        )
        problems: list[tuple[str, str]] = []

        def parse_number(name: str, maximum: int, unit: int = 1) -> int | None:
            try:
                amount = fields.parse_whole_number(form.get(name))
            except ValueError:
                problems.append((name, texts.sla_policy_number_invalid(maximum // unit)))
                return None
            return None if amount is None else amount * unit

        def parse_target(name: str) -> int | None:
            return parse_number(
                name, MAX_TARGET_MINUTES, UNIT_MINUTES.get(str(form.get(f"{name}.unit")), 1)
            )

        calendar = str(form.get("calendar_id", ""))
        values = {
            "name": str(form.get("name", "")),
            "rank": parse_number("rank", MAX_RANK) or 0,
            "kinds": [kind for kind in Kind if kind in kinds],
            "priorities": [one for one in Priority if one in priorities],
            "company_id": int(self.form.company_id) if self.form.company_id else None,
            "respond_minutes": parse_target("respond_minutes"),
            "resolve_minutes": parse_target("resolve_minutes"),
            "calendar_id": int(calendar) if calendar.isdecimal() and len(calendar) < 10 else None,
            "warn_percent": parse_number("warn_percent", 99),
            "alert_groups": fields.checked_values(form, "alert."),
        }
        if problems:
            raise Invalid.from_problems(problems)
        return values

    @bridge.event
    async def toggle_active(self, policy_id: int, is_active: bool) -> bridge.Events:
        """Activate or deactivate a policy."""
        await bridge.write(self, _set_active, policy_id, bool(is_active))
        return w.toast(texts.SLA_POLICY_ACTIVATED if is_active else texts.SLA_POLICY_DEACTIVATED)

    @bridge.event
    async def confirm_delete(self, policy_id: int) -> None:
        """Open the confirmation dialog."""
        self._original = await open_delete_dialog(self, DELETE_DIALOG, POLICIES, policy_id)
        self.editing, self.name, self.delete_error = policy_id, self._original.name, ""

    @bridge.event
    async def delete(self, seen: str) -> bridge.Events:
        """Delete the policy, unless tickets use it."""
        await ensure_dialog_is_current(self, DELETE_DIALOG, seen)
        return await delete_from_dialog(self, POLICIES, self._original)


def _target_field(label: str, name: str, value: Text, unit: Text, error: Text) -> rx.Component:
    return fields.labelled_field(
        label,
        rx.el.span(
            w.text_input(name, value=value, input_mode="numeric", max_length=7),
            w.select_input(
                f"{name}.unit",
                [("hours", "hours"), ("minutes", "minutes")],
                value=unit,
                aria_label=texts.SLA_POLICY_TIME_UNIT,
            ),
            class_name="number-with-unit",
        ),
        error,
    )


def sla_policy_dialogs(on_change: rx.event.EventType) -> rx.Component:
    """Return the dialogs, once per page; `on_change` runs after they are submitted."""
    form, errors = SlaPolicyDialog.form, SlaPolicyDialog.errors
    is_new = SlaPolicyDialog.editing == NEW
    return rx.fragment(
        fields.dialog(
            rx.cond(
                is_new,
                texts.SLA_POLICY_ADD_TITLE,
                texts.edit_title(SlaPolicyDialog.name),
            ),
            texts.SLA_POLICY_HINT,
            fields.labelled_field(
                texts.NAME,
                w.text_input(
                    "name", value=form.name, max_length=120, auto_complete="off", auto_focus=True
                ),
                errors["name"],
            ),
            fields.kind_checkboxes(form.kinds),
            fields.priority_checkboxes(form.priorities),
            rx.el.fieldset(
                rx.el.legend(texts.SLA_POLICY_COMPANY, class_name="field-label"),
                rx.el.div(
                    rx.cond(
                        form.company_id == "",
                        rx.el.span(texts.SLA_POLICY_ANY_COMPANY, class_name="text-muted"),
                        w.tag_chip(form.company, on_remove=SlaPolicyDialog.choose_company("", "")),
                    ),
                    lookup_menu(
                        w.button(texts.CHOOSE, icon="plus"),
                        "company",
                        texts.SLA_POLICY_FIND_COMPANY,
                        lambda entry: SlaPolicyDialog.choose_company(entry.value, entry.label),
                    ),
                    class_name="settings-row-details",
                ),
                fields.field_error(errors["company_id"]),
                class_name="checkbox-group",
            ),
            rx.el.div(
                _target_field(
                    texts.SLA_POLICY_FIRST_REPLY,
                    "respond_minutes",
                    form.respond,
                    form.respond_unit,
                    errors["respond_minutes"],
                ),
                _target_field(
                    texts.SLA_POLICY_RESOLUTION,
                    "resolve_minutes",
                    form.resolve,
                    form.resolve_unit,
                    errors["resolve_minutes"],
                ),
                class_name="field-row",
            ),
            rx.el.div(
                fields.labelled_field(
                    texts.SLA_POLICY_CALENDAR,
                    w.select_input(
                        "calendar_id", SlaPolicyDialog.calendars, value=form.calendar_id
                    ),
                    errors["calendar_id"],
                ),
                fields.labelled_field(
                    texts.SLA_POLICY_WARNING,
                    w.text_input("warn_percent", value=form.warn, input_mode="numeric"),
                    errors["warn_percent"],
                    hint=texts.SLA_POLICY_WARNING_HINT,
                ),
                fields.labelled_field(
                    texts.ORDER,
                    w.text_input("rank", value=form.rank, input_mode="numeric", max_length=7),
                    errors["rank"],
                    hint=texts.SLA_POLICY_ORDER_HINT,
                ),
                class_name="field-row",
            ),
            fields.checkbox_group(
                texts.SLA_POLICY_ALERTS,
                "alert.",
                list(texts.SLA_ALERT_GROUPS.items()),
                form.alert_groups,
                hint=texts.SLA_POLICY_ALERTS_HINT,
            ),
            name=EDIT_DIALOG,
            on_submit=[SlaPolicyDialog.save(OpenDialog.fingerprint), on_change],
            button_label=rx.cond(is_new, texts.SLA_POLICY_ADD, texts.SAVE),
            error=errors[""],
            width="600px",
        ),
        fields.confirm_dialog(
            texts.delete_title(SlaPolicyDialog.name),
            texts.SLA_POLICY_DELETE_HINT,
            name=DELETE_DIALOG,
            on_confirm=[SlaPolicyDialog.delete(OpenDialog.fingerprint), on_change],
            button_label=texts.SLA_POLICY_DELETE,
            error=SlaPolicyDialog.delete_error,
        ),
    )

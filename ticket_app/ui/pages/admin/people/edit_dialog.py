"""The dialog that adds and changes a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import reflex as rx

from ticket_app.core.people import accounts, passwords
from ticket_app.core.platform.vocabulary import Role
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import (
    OpenDialog,
    ensure_dialog_is_current,
    open_dialog,
)
from ticket_app.ui.pages.admin import fields, texts
from ticket_app.ui.pages.admin.dialog_actions import NEW, SettingsObject, save_from_dialog
from ticket_app.ui.pages.admin.people.rows import (
    LIMIT_NAMES,
    ROLE_NAMES,
    PersonForm,
    department_options,
    label_permissions,
    permission_options,
    person_form,
)
from ticket_app.ui.widgets.vars import Text

EDIT_DIALOG: Final = "person"
PERMISSION_PREFIX: Final = "may."
LIMIT_PREFIX: Final = "limit."
MAX_LIMIT_DIGITS: Final = 9
OWN_PERMISSIONS: Final = "own"
FIELD_LABELS: Final = {
    "username": texts.PERSON_FIELD_USERNAME,
    "first_name": texts.PERSON_FIELD_FIRST_NAME,
    "last_name": texts.PERSON_FIELD_LAST_NAME,
    "email": texts.PERSON_FIELD_EMAIL,
    "password": texts.PERSON_FIELD_PASSWORD,
    "department_id": texts.PERSON_FIELD_DEPARTMENT,
    "permissions": texts.FIELD_PERMISSIONS,
    "rate_limits": texts.PERSON_LIMITS,
    **{f"rate_limits.{name}": label for name, label in LIMIT_NAMES.items()},
}


PEOPLE: Final = SettingsObject(
    load=person_form,
    subject=lambda form: texts.person_subject(form.username),
    create=lambda uow, values: accounts.create_account(uow, **values),
    update=lambda uow, person_id, values: accounts.update_account(
        uow, person_id, accounts.AccountChanges(**values)
    ),
    added_text=texts.person_added,
    changed_text=texts.person_changed,
)


class PersonDialog(rx.State):
    """The person in the open dialog, and its errors."""

    editing: int = 0
    form: PersonForm = PersonForm()
    departments: list[tuple[str, str]] = []
    errors: dict[str, str] = {}

    @bridge.event
    async def add(self) -> None:
        self.departments = await bridge.read(self, department_options)
        self.editing, self.errors, self.form = NEW, {}, PersonForm()
        await open_dialog(self, EDIT_DIALOG, NEW)

    @bridge.event
    async def edit(self, person_id: int) -> None:
        self.departments = await bridge.read(self, department_options)
        self.form = await bridge.read(self, person_form, person_id)
        self.editing, self.errors = person_id, {}
        await open_dialog(self, EDIT_DIALOG, person_id, self.form)

    @bridge.submission
    async def save(self, seen: str, form: bridge.FormData) -> bridge.Events:
        """Create or update the account; errors appear at their fields."""
        await ensure_dialog_is_current(self, EDIT_DIALOG, seen)
        is_new = self.editing == NEW
        saved = await save_from_dialog(
            self,
            PEOPLE,
            None if is_new else self.editing,
            self.form,
            lambda: _parse_new_account(form) if is_new else changed_fields(self.form, form),
            name=str(form.get("username", "")).strip() if is_new else self.form.username,
        )
        if saved.error:
            self.errors = label_permissions(fields.field_errors(saved.error, FIELD_LABELS))
            return w.focus_on(next(iter(self.errors), ""))
        return saved.message


def _parse_form(form: Mapping[str, object]) -> dict[str, object]:
    """Parse the form into account fields."""
    department, role = str(form.get("department_id", "")), str(form.get("role", ""))
    return {
        "first_name": str(form.get("first_name", "")),
        "last_name": str(form.get("last_name", "")),
        "email": str(form.get("email", "")).strip(),
        "role": Role(role) if role in ROLE_NAMES else Role.USER,
        "department_id": int(department)
        if department.isdecimal() and len(department) < 10
        else None,
    }


def _parse_new_account(form: Mapping[str, object]) -> dict[str, object]:
    return {
        **_parse_form(form),
        "username": str(form.get("username", "")).strip(),
        "password": str(form.get("password", "")) or None,
    }


def changed_fields(original: PersonForm, form: Mapping[str, object]) -> dict[str, object]:
    """Return the fields that differ from `original`; the core checks which may be changed."""
    submitted = _parse_form(form) | {"is_active": bool(form.get("is_active"))}
    current = {
        "first_name": original.first_name,
        "last_name": original.last_name,
        "email": original.email,
        "role": original.role,
        "department_id": int(original.department_id) if original.department_id else None,
        "is_active": original.is_active,
    }
    changes = {name: value for name, value in submitted.items() if value != current[name]}
    if form.get("list") == OWN_PERMISSIONS:
        granted = fields.checked_values(form, PERMISSION_PREFIX)
        if (
            not original.has_own_permissions
            or set(granted) != set(original.granted)
            or "role" in changes
        ):
            changes["permissions"] = granted
    elif original.has_own_permissions:
        changes["permissions"] = None
    limits = _parse_limits(form)
    if limits != {name: int(limit) for name, limit in original.limits.items() if limit}:
        changes["rate_limits"] = limits or None
    return changes


def _parse_limits(form: Mapping[str, object]) -> dict[str, int]:
    """Return the limits that were filled in; anything but a number is 0, which is refused."""
    submitted = {name: str(form.get(LIMIT_PREFIX + name, "")).strip() for name in LIMIT_NAMES}
    return {
        name: int(limit) if limit.isdecimal() and len(limit) <= MAX_LIMIT_DIGITS else 0
        for name, limit in submitted.items()
        if limit
    }


def _text_field(label: str, name: str, value: Text, **props: object) -> rx.Component:
    errors = PersonDialog.errors
    hint = props.pop("hint", "")
    control = w.text_input(name, value=value, auto_complete="off", **props)
    return fields.labelled_field(label, control, errors[name], hint=hint)


def _permission_fields() -> rx.Component:
    form = PersonDialog.form

    def radio(value: str, label: str, is_checked: rx.Var[bool]) -> rx.Component:
        return rx.el.label(
            rx.el.input(type="radio", name="list", value=value, default_checked=is_checked),
            rx.el.span(label),
            class_name="checkbox",
        )

    return rx.el.fieldset(
        rx.el.legend(texts.PERSON_PERMISSIONS, class_name="field-label"),
        rx.el.div(
            radio("role", texts.PERSON_ROLE_PERMISSIONS, ~form.has_own_permissions),
            radio(OWN_PERMISSIONS, texts.PERSON_OWN_PERMISSIONS, form.has_own_permissions),
            class_name="checkbox-list",
        ),
        rx.el.div(
            *(
                rx.el.label(
                    rx.el.input(
                        type="checkbox",
                        name=PERMISSION_PREFIX + name,
                        default_checked=form.granted.contains(name),
                    ),
                    rx.el.span(words),
                    class_name="checkbox",
                )
                for name, words in permission_options()
            ),
            class_name="custom-permissions",
        ),
        fields.field_error(PersonDialog.errors["permissions"]),
        class_name="checkbox-group",
    )


def _limit_fields() -> rx.Component:
    form, errors = PersonDialog.form, PersonDialog.errors
    return rx.el.fieldset(
        rx.el.legend(texts.PERSON_LIMITS, class_name="field-label"),
        rx.el.p(texts.PERSON_LIMITS_HINT, class_name="text-muted text-small"),
        rx.el.div(
            *(
                fields.labelled_field(
                    label,
                    w.text_input(
                        LIMIT_PREFIX + name,
                        value=form.limits[name],
                        placeholder=form.default_limits[name],
                        input_mode="numeric",
                        auto_complete="off",
                        max_length=MAX_LIMIT_DIGITS,
                    ),
                    errors[f"rate_limits.{name}"],
                )
                for name, label in LIMIT_NAMES.items()
            ),
            class_name="field-row",
        ),
        class_name="checkbox-group",
    )


def person_dialog(on_change: rx.event.EventType) -> rx.Component:
    """Return the dialog, once per page; `on_change` runs after it is submitted."""
    form, errors = PersonDialog.form, PersonDialog.errors
    is_new = PersonDialog.editing == NEW
    return fields.dialog(
        rx.cond(is_new, texts.PERSON_ADD_TITLE, texts.person_edit_title(form.username)),
        rx.cond(
            is_new,
            texts.PERSON_ADD_HINT,
            texts.PERSON_EDIT_HINT,
        ),
        rx.cond(
            is_new,
            _text_field(texts.PERSON_USERNAME, "username", "", max_length=150, auto_focus=True),
        ),
        rx.el.div(
            _text_field(texts.PERSON_FIRST_NAME, "first_name", form.first_name, max_length=150),
            _text_field(texts.PERSON_LAST_NAME, "last_name", form.last_name, max_length=150),
            class_name="field-row",
        ),
        _text_field(
            texts.PERSON_FIELD_EMAIL, "email", form.email, input_type="email", max_length=254
        ),
        rx.el.div(
            fields.labelled_field(
                texts.PERSON_ROLE,
                w.select_input("role", list(ROLE_NAMES.items()), value=form.role),
                errors["role"],
            ),
            fields.labelled_field(
                texts.PERSON_DEPARTMENT,
                w.select_input("department_id", PersonDialog.departments, value=form.department_id),
                errors["department_id"],
            ),
            class_name="field-row",
        ),
        rx.cond(
            is_new,
            fields.labelled_field(
                texts.PERSON_PASSWORD,
                w.text_input(
                    "password", input_type="password", auto_complete="new-password", max_length=1024
                ),
                errors["password"],
                hint=texts.person_password_hint(passwords.MIN_LENGTH),
            ),
            rx.fragment(
                rx.el.label(
                    rx.el.input(type="checkbox", name="is_active", default_checked=form.is_active),
                    rx.el.span(texts.PERSON_ACTIVE),
                    class_name="checkbox",
                ),
                _permission_fields(),
                _limit_fields(),
            ),
        ),
        name=EDIT_DIALOG,
        on_submit=[PersonDialog.save(OpenDialog.fingerprint), on_change],
        button_label=rx.cond(is_new, texts.PERSON_ADD, texts.SAVE),
        error=errors[""],
    )

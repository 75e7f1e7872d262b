"""The dialogs in which people are made known and changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import reflex as rx

from ticket_app.core.people import accounts, passwords
from ticket_app.core.platform.errors import DeskError, Unauthenticated
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Role
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import OpenDialog, close_dialog, confirm, expect_same, open_dialog
from ticket_app.ui.pages.admin import fields
from ticket_app.ui.pages.admin.people.rows import (
    ROLES,
    PersonForm,
    departments_of,
    in_sentences,
    permission_words,
    person_form,
)

NEW: Final = -1
EDIT: Final = "person"
PERMISSION: Final = "may."
OWN: Final = "own"
LABELS: Final = {
    "username": "The username",
    "first_name": "The first name",
    "last_name": "The last name",
    "email": "The address",
    "password": "The password",
    "department_id": "The department",
    "permissions": "These",
}


def _add(desk: Desk, told: dict[str, Any]) -> None:
    accounts.add(desk, **told)


def _change(desk: Desk, person_id: int, seen: PersonForm, changes: dict[str, Any]) -> None:
    expect_same(desk, person_form, person_id, seen, f"The account {seen.username}")
    accounts.change(desk, person_id, changes)


class PersonDialog(rx.State):
    """The person who is made known or changed, and what is wrong."""

    editing: int = 0
    form: PersonForm = PersonForm()
    departments: list[tuple[str, str]] = []
    errors: dict[str, str] = {}

    @bridge.event
    async def add(self) -> None:
        """Ask for somebody new."""
        self.departments = await bridge.read(self, departments_of)
        self.editing, self.errors, self.form = NEW, {}, PersonForm()
        await open_dialog(self, EDIT, NEW)

    @bridge.event
    async def edit(self, person_id: int) -> None:
        """Ask what is to change of somebody."""
        self.departments = await bridge.read(self, departments_of)
        self.form = await bridge.read(self, person_form, person_id)
        self.editing, self.errors = person_id, {}
        await open_dialog(self, EDIT, person_id, self.form)

    @bridge.submission
    async def save(self, seen: str, form: dict[str, Any]) -> Any:
        """Make somebody known, or change them; what is wrong is said at its field."""
        await confirm(self, EDIT, seen)
        try:
            if self.editing == NEW:
                await bridge.write(self, _add, _newcomer(form))
            elif self.editing:
                changes = changes_of(self.form, form)
                await bridge.write(self, _change, self.editing, self.form, changes)
        except Unauthenticated:
            raise
        except DeskError as no:
            self.errors = in_sentences(fields.wrong_fields(no, LABELS))
            return w.focus_on(next(iter(self.errors), ""))
        is_new = self.editing == NEW
        username = str(form.get("username", "")).strip() if is_new else self.form.username
        await close_dialog(self)
        return w.toast(f"{username} {'added' if is_new else 'changed'}", tone="green")


def _told(form: Mapping[str, Any]) -> dict[str, Any]:
    """What a form says of somebody, new or known."""
    department, role = str(form.get("department_id", "")), str(form.get("role", ""))
    return {
        "first_name": str(form.get("first_name", "")),
        "last_name": str(form.get("last_name", "")),
        "email": str(form.get("email", "")).strip(),
        "role": Role(role) if role in ROLES else Role.USER,
        "department_id": int(department)
        if department.isdecimal() and len(department) < 10
        else None,
    }


def _newcomer(form: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **_told(form),
        "username": str(form.get("username", "")).strip(),
        "password": str(form.get("password", "")) or None,
    }


def changes_of(before: PersonForm, form: Mapping[str, Any]) -> dict[str, Any]:
    """What differs from what the dialog opened with; the core refuses what one may not change."""
    told = _told(form) | {"is_active": bool(form.get("is_active"))}
    was = {
        "first_name": before.first_name,
        "last_name": before.last_name,
        "email": before.email,
        "role": before.role,
        "department_id": int(before.department_id) if before.department_id else None,
        "is_active": before.is_active,
    }
    changes = {name: value for name, value in told.items() if value != was[name]}
    if form.get("list") == OWN:
        held = fields.ticked(form, PERMISSION)
        if not before.has_own or set(held) != set(before.held) or "role" in changes:
            changes["permissions"] = held
    elif before.has_own:
        changes["permissions"] = None
    return changes


def _line(label: str, name: str, value: Any, **props: Any) -> rx.Component:
    errors = PersonDialog.errors
    hint = props.pop("hint", "")
    control = w.text_input(name, value=value, auto_complete="off", **props)
    return fields.labelled(label, control, errors[name], hint=hint)


def _permissions() -> rx.Component:
    form = PersonDialog.form

    def choice(value: str, words: str, on: Any) -> rx.Component:
        return rx.el.label(
            rx.el.input(type="radio", name="list", value=value, default_checked=on),
            rx.el.span(words),
            class_name="tick-box",
        )

    return rx.el.fieldset(
        rx.el.legend("What they may", class_name="field-label"),
        rx.el.div(
            choice("role", "What their role may", ~form.has_own),
            choice(OWN, "A list of their own", form.has_own),
            class_name="tick-boxes",
        ),
        rx.el.div(
            *(
                rx.el.label(
                    rx.el.input(
                        type="checkbox",
                        name=PERMISSION + name,
                        default_checked=form.held.contains(name),
                    ),
                    rx.el.span(words),
                    class_name="tick-box",
                )
                for name, words in permission_words()
            ),
            class_name="own-list",
        ),
        fields.problem(PersonDialog.errors["permissions"]),
        class_name="tick-group",
    )


def person_dialog(after: Any) -> rx.Component:
    """The dialog; once on the page. `after` runs when something may have changed."""
    form, errors = PersonDialog.form, PersonDialog.errors
    is_new = PersonDialog.editing == NEW
    return fields.dialog(
        rx.cond(is_new, "Add a person", rx.Var.create("Change ") + form.username),
        rx.cond(
            is_new,
            "People who only file tickets can also register for themselves.",
            "Who is switched off is out at once, wherever they were signed in.",
        ),
        rx.cond(is_new, _line("Username", "username", "", max_length=150, auto_focus=True)),
        rx.el.div(
            _line("First name", "first_name", form.first_name, max_length=150),
            _line("Last name", "last_name", form.last_name, max_length=150),
            class_name="side",
        ),
        _line("E-mail", "email", form.email, sort="email", max_length=254),
        rx.el.div(
            fields.labelled(
                "Role",
                w.select_input("role", list(ROLES.items()), value=form.role),
                errors["role"],
            ),
            fields.labelled(
                "Department",
                w.select_input("department_id", PersonDialog.departments, value=form.department_id),
                errors["department_id"],
            ),
            class_name="side",
        ),
        rx.cond(
            is_new,
            fields.labelled(
                "Password (optional)",
                w.text_input(
                    "password", sort="password", auto_complete="new-password", max_length=1024
                ),
                errors["password"],
                hint=f"At least {passwords.SHORTEST} characters. Without one they come in "
                "through another application, or not yet.",
            ),
            rx.fragment(
                rx.el.label(
                    rx.el.input(type="checkbox", name="is_active", default_checked=form.is_active),
                    rx.el.span("May sign in"),
                    class_name="tick-box",
                ),
                _permissions(),
            ),
        ),
        name=EDIT,
        on_submit=[PersonDialog.save(OpenDialog.seen), after],
        button=rx.cond(is_new, "Add person", "Save"),
        error=errors[""],
    )

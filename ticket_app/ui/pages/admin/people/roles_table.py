"""The table of role permissions and the dialog that changes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import reflex as rx

from ticket_app.core.people import permissions
from ticket_app.core.platform.errors import Forbidden
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Role
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import (
    OpenDialog,
    close_dialog,
    ensure_dialog_is_current,
    ensure_unchanged,
    open_dialog,
)
from ticket_app.ui.pages.admin import fields, texts
from ticket_app.ui.pages.admin.dialog_actions import try_write
from ticket_app.ui.pages.admin.layout import settings_page
from ticket_app.ui.pages.admin.people.edit_dialog import PERMISSION_PREFIX
from ticket_app.ui.pages.admin.people.rows import (
    ROLE_NAMES,
    RoleRow,
    label_permissions,
    permission_options,
    role_rows,
)
from ticket_app.ui.pages.admin.records.pages import people_tabs

EDIT_DIALOG: Final = "role"
NO_ROLE = RoleRow("", "", [], True, True, "")


def _find_role(uow: UnitOfWork, role: str) -> RoleRow:
    return next(row for row in role_rows(uow) if row.role == role)


def _change(uow: UnitOfWork, role: str, seen: RoleRow, permission_names: list[str]) -> None:
    ensure_unchanged(uow, _find_role, role, seen, texts.describe_role_in_messages(ROLE_NAMES[role]))
    permissions.set_role_permissions(uow, Role(role), permission_names)


def _reset_permissions(uow: UnitOfWork, role: str, seen: RoleRow) -> None:
    ensure_unchanged(uow, _find_role, role, seen, texts.describe_role_in_messages(ROLE_NAMES[role]))
    permissions.reset_role_permissions(uow, Role(role))


class RolesTable(rx.State):
    """The permissions of each role."""

    rows: list[RoleRow] = []
    editing: RoleRow = NO_ROLE
    errors: dict[str, str] = {}
    is_loaded: bool = False
    denied_reason: str = ""

    @bridge.event
    async def load(self) -> None:
        self.rows, self.denied_reason, self.editing = [], "", NO_ROLE
        try:
            self.rows = await bridge.read(self, role_rows)
        except Forbidden as error:
            self.denied_reason = error.message
        self.is_loaded = True

    @bridge.event
    async def edit(self, role: str) -> None:
        if role in ROLE_NAMES:
            self.editing, self.errors = await bridge.read(self, _find_role, role), {}
            await open_dialog(self, EDIT_DIALOG, self.editing)

    @bridge.submission
    async def save(self, seen: str, form: bridge.FormData) -> bridge.Events:
        """Save the role's permissions."""
        await ensure_dialog_is_current(self, EDIT_DIALOG, seen)
        return await self._save(
            _change, self.editing.role, fields.checked_values(form, PERMISSION_PREFIX)
        )

    @bridge.event
    async def reset_role(self, seen: str) -> bridge.Events:
        """Restore the role's default permissions."""
        await ensure_dialog_is_current(self, EDIT_DIALOG, seen)
        return await self._save(_reset_permissions, self.editing.role)

    async def _save(
        self, use_case: Callable[..., object], role: str, *values: object
    ) -> bridge.Events:
        if role not in ROLE_NAMES:
            return None
        error = await try_write(self, use_case, role, self.editing, *values)
        if error:
            self.errors = label_permissions(
                fields.field_errors(error, {"permissions": texts.FIELD_PERMISSIONS})
            )
            return None
        self.rows = await bridge.read(self, role_rows)
        await close_dialog(self)
        return w.toast(texts.roles_saved(ROLE_NAMES[role]), tone="green")


def _column_header(row: rx.Var[RoleRow]) -> rx.Component:
    return rx.el.th(
        rx.el.div(
            rx.el.span(row.role_name),
            rx.cond(
                row.is_fixed,
                rx.el.span(texts.ROLES_ALL_PERMISSIONS, class_name="text-muted text-small"),
                w.button(
                    texts.ROLES_EDIT,
                    variant="quiet",
                    on_click=RolesTable.edit(row.role),
                    aria_label=texts.roles_edit_role(row.role_name),
                ),
            ),
            rx.cond(
                ~row.is_default,
                rx.el.span(texts.ROLES_CUSTOMIZED, class_name="text-muted text-small"),
            ),
            class_name="role-header",
        ),
        scope="col",
        key=row.role,
    )


def _permission_row(name: str, label: str) -> rx.Component:
    return rx.el.tr(
        rx.el.th(label, scope="row"),
        rx.foreach(
            RolesTable.rows,
            lambda row: rx.el.td(
                rx.cond(
                    row.granted.contains(name),
                    rx.el.span(
                        rx.icon("check", size=15),
                        rx.el.span("yes", class_name="visually-hidden"),
                        class_name="permission-granted",
                    ),
                    rx.el.span(
                        rx.el.span("–", aria_hidden="true"),
                        rx.el.span("no", class_name="visually-hidden"),
                        class_name="permission-denied",
                    ),
                ),
                key=row.role,
            ),
        ),
    )


def _role_dialog() -> rx.Component:
    row = RolesTable.editing
    return fields.dialog(
        texts.roles_edit_title(row.role_name),
        texts.ROLES_HINT,
        rx.el.fieldset(
            rx.el.legend(texts.ROLES_PERMISSIONS, class_name="visually-hidden"),
            rx.el.div(
                *(
                    rx.el.label(
                        rx.el.input(
                            type="checkbox",
                            name=PERMISSION_PREFIX + name,
                            default_checked=row.granted.contains(name),
                        ),
                        rx.el.span(words),
                        class_name="checkbox",
                    )
                    for name, words in permission_options()
                ),
                class_name="checkbox-column",
            ),
            fields.field_error(RolesTable.errors["permissions"]),
            class_name="checkbox-group",
        ),
        rx.cond(
            ~row.is_default,
            rx.el.div(
                w.button(
                    texts.ROLES_RESET,
                    icon="rotate-ccw",
                    on_click=RolesTable.reset_role(OpenDialog.fingerprint),
                ),
            ),
        ),
        name=EDIT_DIALOG,
        on_submit=RolesTable.save(OpenDialog.fingerprint),
        button_label=texts.SAVE,
        error=RolesTable.errors[""],
        width="520px",
    )


def roles_page() -> rx.Component:
    return settings_page(
        routes.ADMIN_PEOPLE,
        rx.el.section(people_tabs(routes.ADMIN_ROLES)),
        rx.el.div(
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(
                        rx.el.th(texts.ROLES_COLUMN_PERMISSION, scope="col"),
                        rx.foreach(RolesTable.rows, _column_header),
                    )
                ),
                rx.el.tbody(
                    *(_permission_row(name, words) for name, words in permission_options())
                ),
                class_name="table roles-table",
            ),
            class_name="roles-table-scroll",
            tab_index=0,
            role="region",
            aria_label=texts.ROLES_TITLE,
        ),
        _role_dialog(),
        ready=RolesTable.is_loaded,
        denied_reason=RolesTable.denied_reason,
    )

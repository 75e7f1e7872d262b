"""What each role may here, and the dialog in which that is changed."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from ticket_app.core.people import permissions
from ticket_app.core.platform.errors import DeskError, Forbidden, Unauthenticated
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Role
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import OpenDialog, close_dialog, confirm, expect_same, open_dialog
from ticket_app.ui.pages.admin import fields
from ticket_app.ui.pages.admin.frame import settings_page
from ticket_app.ui.pages.admin.people.editing import PERMISSION
from ticket_app.ui.pages.admin.people.listed import people_tabs
from ticket_app.ui.pages.admin.people.rows import (
    ROLES,
    RoleRow,
    in_sentences,
    permission_words,
    role_rows,
)

EDIT: Final = "role"
NOBODY = RoleRow("", "", [], True, True, "")


def _row(desk: Desk, role: str) -> RoleRow:
    return next(row for row in role_rows(desk) if row.role == role)


def _change(desk: Desk, role: str, seen: RoleRow, chosen: list[str]) -> None:
    expect_same(desk, _row, role, seen, f"The role {ROLES[role]}")
    permissions.change_role_set(desk, Role(role), chosen)


def _reset(desk: Desk, role: str, seen: RoleRow) -> None:
    expect_same(desk, _row, role, seen, f"The role {ROLES[role]}")
    permissions.reset_role_set(desk, Role(role))


class Roles(rx.State):
    """What each role may, for those who manage people."""

    rows: list[RoleRow] = []
    editing: RoleRow = NOBODY
    errors: dict[str, str] = {}
    ready: bool = False
    refused: str = ""

    @bridge.event
    async def load(self) -> None:
        """Show what each role may."""
        self.rows, self.refused, self.editing = [], "", NOBODY
        try:
            self.rows = await bridge.read(self, role_rows)
        except Forbidden as no:
            self.refused = no.message
        self.ready = True

    @bridge.event
    async def edit(self, role: str) -> None:
        """Ask what a role may from now on."""
        if role in ROLES:
            self.editing, self.errors = await bridge.read(self, _row, role), {}
            await open_dialog(self, EDIT, self.editing)

    @bridge.submission
    async def save(self, seen: str, form: dict[str, Any]) -> Any:
        """Let the role do this from now on."""
        await confirm(self, EDIT, seen)
        return await self._write(_change, self.editing.role, fields.ticked(form, PERMISSION))

    @bridge.event
    async def reset_role(self, seen: str) -> Any:
        """Let the role do the usual again."""
        await confirm(self, EDIT, seen)
        return await self._write(_reset, self.editing.role)

    async def _write(self, use: Any, role: str, *told: Any) -> Any:
        if role not in ROLES:
            return None
        try:
            await bridge.write(self, use, role, self.editing, *told)
        except Unauthenticated:
            raise
        except DeskError as no:
            self.errors = in_sentences(fields.wrong_fields(no, {"permissions": "These"}))
            return None
        self.rows = await bridge.read(self, role_rows)
        await close_dialog(self)
        return w.toast(f"{ROLES[role]}s may do that from now on", tone="green")


def _head(row: Any) -> rx.Component:
    return rx.el.th(
        rx.el.div(
            rx.el.span(row.word),
            rx.cond(
                row.is_fixed,
                rx.el.span("everything", class_name="soft fine"),
                w.button(
                    "Change",
                    look="quiet",
                    on_click=Roles.edit(row.role),
                    aria_label=rx.Var.create("Change what this role may: ") + row.word,
                ),
            ),
            rx.cond(~row.is_usual, rx.el.span("not as usual", class_name="soft fine")),
            class_name="role-head",
        ),
        scope="col",
        key=row.role,
    )


def _line(name: str, words: str) -> rx.Component:
    return rx.el.tr(
        rx.el.th(words, scope="row"),
        rx.foreach(
            Roles.rows,
            lambda row: rx.el.td(
                rx.cond(
                    row.held.contains(name),
                    rx.el.span(
                        rx.icon("check", size=15),
                        rx.el.span("yes", class_name="hear"),
                        class_name="may",
                    ),
                    rx.el.span(
                        rx.el.span("–", aria_hidden="true"),
                        rx.el.span("no", class_name="hear"),
                        class_name="may-not",
                    ),
                ),
                key=row.role,
            ),
        ),
    )


def _dialog() -> rx.Component:
    row = Roles.editing
    return fields.dialog(
        rx.Var.create("What this role may: ") + row.word,
        "Who has a list of their own keeps it. It counts at once.",
        rx.el.fieldset(
            rx.el.legend("Permissions", class_name="hear"),
            rx.el.div(
                *(
                    rx.el.label(
                        rx.el.input(
                            type="checkbox",
                            name=PERMISSION + name,
                            default_checked=row.held.contains(name),
                        ),
                        rx.el.span(words),
                        class_name="tick-box",
                    )
                    for name, words in permission_words()
                ),
                class_name="tick-lines",
            ),
            fields.problem(Roles.errors["permissions"]),
            class_name="tick-group",
        ),
        rx.cond(
            ~row.is_usual,
            rx.el.div(
                w.button("As usual", icon="rotate-ccw", on_click=Roles.reset_role(OpenDialog.seen)),
            ),
        ),
        name=EDIT,
        on_submit=Roles.save(OpenDialog.seen),
        button="Save",
        error=Roles.errors[""],
        width="520px",
    )


def roles_page() -> rx.Component:
    """The page."""
    return settings_page(
        routes.ADMIN_PEOPLE,
        rx.el.section(people_tabs(routes.ADMIN_ROLES)),
        rx.el.div(
            rx.el.table(
                rx.el.thead(rx.el.tr(rx.el.th("May", scope="col"), rx.foreach(Roles.rows, _head))),
                rx.el.tbody(*(_line(name, words) for name, words in permission_words())),
                class_name="table roles",
            ),
            class_name="roles-scroll",
            tab_index=0,
            role="region",
            aria_label="What each role may",
        ),
        _dialog(),
        ready=Roles.ready,
        refused=Roles.refused,
    )

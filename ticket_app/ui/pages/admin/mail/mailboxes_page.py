"""Mailboxes: addresses that receive email for a team, and where they are read from."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

import reflex as rx

from ticket_app.core.email.incoming import connection_test, mailboxes
from ticket_app.core.email.incoming.mailboxes import MailboxDraft, MailboxRow
from ticket_app.core.people import teams
from ticket_app.core.platform.errors import DomainError, Forbidden, Unauthenticated
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import OpenDialog, close_dialog, ensure_dialog_is_current, open_dialog
from ticket_app.ui.pages.admin import fields, list_items
from ticket_app.ui.pages.admin import texts as admin_texts
from ticket_app.ui.pages.admin.dialog_actions import NEW
from ticket_app.ui.pages.admin.layout import settings_page
from ticket_app.ui.pages.admin.mail import texts
from ticket_app.ui.pages.admin.mail.notice import sender_check_advice
from ticket_app.ui.pages.admin.mail.tabs import mail_tabs
from ticket_app.ui.rows import iso_time

EDIT_DIALOG: Final = "mailbox"
DELETE_DIALOG: Final = "mailbox-delete"
MAX_TEAMS: Final = 200
FIELD_LABELS: Final = {
    "name": texts.NAME,
    "address": texts.ADDRESS,
    "imap_url": texts.IMAP_URL,
    "team_id": texts.TEAM,
    "signature": texts.SIGNATURE,
}


@dataclass(frozen=True)
class MailboxItem:
    """A mailbox in the list, and in its dialog; never its password."""

    id: int = NEW
    name: str = ""
    address: str = ""
    location: str = ""
    team_id: str = ""
    team: str = ""
    signature: str = ""
    is_active: bool = True
    checked_at: str = ""
    error: str = ""


@dataclass(frozen=True)
class MailboxesPageData:
    """All mailboxes, and the teams to choose from."""

    rows: list[MailboxItem]
    teams: list[tuple[str, str]]


def _build_item(row: MailboxRow) -> MailboxItem:
    return MailboxItem(
        id=row.id,
        name=row.name,
        address=row.address,
        location=mailboxes.describe_url(row),
        team_id=str(row.team_id or ""),
        team=row.team_name or "",
        signature=row.signature,
        is_active=row.is_active,
        checked_at=iso_time(row.last_checked_at),
        error=row.last_error or "",
    )


def load_mailboxes(uow: UnitOfWork) -> MailboxesPageData:
    """Return all mailboxes, and the teams to choose from. Raises `Forbidden`."""
    page, _total = teams.list_teams(uow, "", PageRequest(MAX_TEAMS, offset=0))
    return MailboxesPageData(
        rows=[_build_item(row) for row in mailboxes.list_mailboxes(uow)],
        teams=[("", texts.NO_TEAM), *((str(team.id), team.name) for team in page.rows)],
    )


def parse_form(form: bridge.FormData, *, is_active: bool) -> MailboxDraft:
    """Return the values of the dialog; an empty IMAP URL keeps the present one."""
    url = str(form.get("imap_url", "")).strip()
    team_id = str(form.get("team_id", ""))
    return MailboxDraft(
        name=str(form.get("name", "")),
        address=str(form.get("address", "")),
        imap_url="" if form.get("remove_url") else url or None,
        team_id=int(team_id) if team_id.isdecimal() else None,
        signature=str(form.get("signature", "")),
        is_active=is_active,
    )


def _set_active(uow: UnitOfWork, mailbox_id: int, is_active: bool) -> None:
    row = mailboxes.get_mailbox(uow, mailbox_id)
    draft = MailboxDraft(
        row.name,
        row.address,
        team_id=row.team_id,
        signature=row.signature,
        is_active=is_active,
    )
    mailboxes.save_mailbox(uow, draft, mailbox_id)


class Mailboxes(rx.State):
    """All mailboxes, and the one in the open dialog."""

    rows: list[MailboxItem] = []
    teams: list[tuple[str, str]] = []
    edited: MailboxItem = MailboxItem()
    errors: dict[str, str] = {}
    is_loaded: bool = False
    denied_reason: str = ""

    @bridge.event
    async def load(self) -> None:
        """Load all mailboxes."""
        self.rows, self.denied_reason = [], ""
        try:
            await self._load_rows()
        except Forbidden as error:
            self.denied_reason = error.message
        self.is_loaded = True

    async def _load_rows(self) -> None:
        found = await bridge.read(self, load_mailboxes)
        self.rows, self.teams = found.rows, found.teams

    def _choose(self, mailbox_id: int) -> None:
        self.edited = next((row for row in self.rows if row.id == mailbox_id), MailboxItem())
        self.errors = {}

    @bridge.event
    async def edit(self, mailbox_id: int) -> None:
        """Open the dialog of a mailbox, or of a new one."""
        self._choose(mailbox_id)
        await open_dialog(self, EDIT_DIALOG, mailbox_id)

    @bridge.submission
    async def save(self, seen: str, form: bridge.FormData) -> bridge.Events:
        """Save the mailbox in the open dialog."""
        await ensure_dialog_is_current(self, EDIT_DIALOG, seen)
        draft, self.errors = parse_form(form, is_active=self.edited.is_active), {}
        mailbox_id = None if self.edited.id == NEW else self.edited.id
        try:
            await bridge.write(self, mailboxes.save_mailbox, draft, mailbox_id)
        except Unauthenticated:
            raise
        except DomainError as error:
            self.errors = fields.field_errors(error, FIELD_LABELS)
            return None
        await close_dialog(self)
        await self._load_rows()
        return w.toast(texts.mailbox_saved(draft.name.strip()), tone="green")

    @bridge.event
    async def toggle_active(self, mailbox_id: int, is_active: bool) -> None:
        """Read a mailbox, or stop reading it."""
        await bridge.write(self, _set_active, mailbox_id, is_active)
        await self._load_rows()

    @bridge.event
    async def confirm_delete(self, mailbox_id: int) -> None:
        """Ask before a mailbox is deleted."""
        self._choose(mailbox_id)
        await open_dialog(self, DELETE_DIALOG, mailbox_id)

    @bridge.event
    async def delete(self, seen: str) -> bridge.Events:
        """Delete the mailbox in the open dialog."""
        await ensure_dialog_is_current(self, DELETE_DIALOG, seen)
        try:
            await bridge.write(self, mailboxes.delete_mailbox, self.edited.id)
        except Unauthenticated:
            raise
        except DomainError as error:
            self.errors = {"": error.message}
            return None
        await close_dialog(self)
        await self._load_rows()
        return w.toast(texts.mailbox_deleted(self.edited.name), tone="green")

    @bridge.event
    async def test_connection(self, mailbox_id: int) -> bridge.Events:
        """Try to read a mailbox and tell what happened."""
        url = await bridge.read(self, connection_test.get_decrypted_url, mailbox_id)
        problem = await asyncio.to_thread(connection_test.connect_and_find_problem, url)
        if problem:
            return w.toast(texts.connection_failed(problem), tone="red")
        return w.toast(texts.CONNECTION_WORKS, tone="green")


def _mailbox_item(row: rx.Var[MailboxItem]) -> rx.Component:
    edit = Mailboxes.edit(row.id)
    return rx.el.li(
        list_items.active_switch(
            row.name, row.is_active, lambda on: Mailboxes.toggle_active(row.id, on)
        ),
        rx.el.div(
            list_items.name_button(row.name, edit),
            rx.el.div(
                rx.el.span(row.address, class_name="break-anywhere", dir="auto"),
                rx.cond(row.team != "", rx.el.span(row.team, dir="auto")),
                rx.cond(
                    row.location != "",
                    rx.el.span(row.location, class_name="break-anywhere", dir="auto"),
                    rx.el.span(texts.NOT_READ),
                ),
                class_name="settings-row-details text-muted text-small",
            ),
            rx.cond(row.error != "", rx.el.p(row.error, class_name="settings-warning", dir="auto")),
            class_name="settings-row-main",
        ),
        rx.el.div(
            rx.cond(
                row.location != "",
                rx.cond(
                    row.checked_at != "",
                    rx.el.span(
                        texts.CHECKED,
                        w.time_ago(row.checked_at),
                        class_name="text-muted text-small",
                    ),
                    rx.el.span(texts.NEVER_CHECKED, class_name="text-muted text-small"),
                ),
            ),
            class_name="settings-row-end",
        ),
        list_items.row_menu(
            row.name,
            rx.cond(
                row.location != "",
                rx.dropdown_menu.item(
                    texts.TEST_CONNECTION, on_select=Mailboxes.test_connection(row.id)
                ),
            ),
            label=admin_texts.more_actions(row.name),
            on_edit=edit,
            on_delete=Mailboxes.confirm_delete(row.id),
        ),
        class_name="settings-row",
        data_inactive=rx.cond(row.is_active, "false", "true"),
        key=row.id,
    )


def _dialogs() -> rx.Component:
    one, errors = Mailboxes.edited, Mailboxes.errors
    has_url = one.location != ""
    return rx.fragment(
        fields.dialog(
            rx.cond(one.id == NEW, texts.ADD_MAILBOX, admin_texts.edit_title(one.name)),
            texts.MAILBOX_HINT,
            fields.labelled_field(
                texts.NAME,
                w.text_input("name", value=one.name, max_length=120, auto_complete="off"),
                errors["name"],
            ),
            fields.labelled_field(
                texts.ADDRESS,
                w.text_input("address", value=one.address, input_type="email", max_length=254),
                errors["address"],
            ),
            fields.labelled_field(
                texts.IMAP_URL,
                w.text_input(
                    "imap_url",
                    max_length=1000,
                    auto_complete="off",
                    spell_check=False,
                    placeholder=rx.cond(has_url, texts.IMAP_KEEP, ""),
                ),
                errors["imap_url"],
                hint=texts.IMAP_HINT,
            ),
            rx.cond(
                has_url,
                rx.el.label(
                    rx.el.input(type="checkbox", name="remove_url"),
                    rx.el.span(texts.IMAP_REMOVE),
                    class_name="checkbox",
                ),
            ),
            fields.labelled_field(
                texts.TEAM,
                w.select_input("team_id", Mailboxes.teams, value=one.team_id),
                errors["team_id"],
            ),
            fields.labelled_field(
                texts.SIGNATURE,
                w.text_area("signature", value=one.signature, rows=3, max_length=5000),
                errors["signature"],
            ),
            name=EDIT_DIALOG,
            on_submit=Mailboxes.save(OpenDialog.fingerprint),
            button_label=rx.cond(one.id == NEW, texts.ADD_MAILBOX, texts.SAVE),
            error=errors[""],
        ),
        fields.confirm_dialog(
            texts.delete_title(one.name),
            texts.DELETE_MAILBOX_HINT,
            name=DELETE_DIALOG,
            on_confirm=Mailboxes.delete(OpenDialog.fingerprint),
            button_label=texts.DELETE_MAILBOX,
            error=errors[""],
        ),
    )


def mailboxes_page() -> rx.Component:
    """Return the page."""
    return settings_page(
        routes.ADMIN_MAIL,
        sender_check_advice(),
        rx.el.section(mail_tabs(routes.ADMIN_MAIL_MAILBOXES)),
        rx.el.p(texts.MAILBOXES_LEAD, class_name="text-muted settings-intro"),
        rx.cond(
            Mailboxes.rows,
            rx.el.ul(
                rx.foreach(Mailboxes.rows, _mailbox_item),
                class_name="list-unstyled settings-list",
            ),
            w.empty_state("inbox", texts.MAILBOXES_EMPTY_TITLE, texts.MAILBOXES_EMPTY_HINT),
        ),
        _dialogs(),
        ready=Mailboxes.is_loaded,
        denied_reason=Mailboxes.denied_reason,
        tools=(
            w.button(
                texts.ADD_MAILBOX, icon="plus", variant="primary", on_click=Mailboxes.edit(NEW)
            ),
        ),
    )

"""Parked email: why each message was parked, its content, and what to do with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import reflex as rx

from ticket_app.core.email.incoming import parked
from ticket_app.core.email.incoming.parked import IncomingEmailRow
from ticket_app.core.platform.errors import DomainError, Forbidden, RuleViolation, Unauthenticated
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import (
    OpenDialog,
    close_dialog,
    dialog_root,
    ensure_dialog_is_current,
    open_dialog,
)
from ticket_app.ui.pages.admin import fields
from ticket_app.ui.pages.admin.layout import settings_page
from ticket_app.ui.pages.admin.mail import texts
from ticket_app.ui.pages.admin.mail.notice import sender_check_advice
from ticket_app.ui.pages.admin.mail.tabs import mail_tabs
from ticket_app.ui.rows import iso_time

PARKED_DIALOG: Final = "parked-email"
PAGE_SIZE: Final = 50
MAX_SHOWN_SOURCE: Final = 50_000
REFERENCE_LABELS: Final = {"reference": texts.TICKET, "ticket": texts.TICKET}


@dataclass(frozen=True)
class ParkedRow:
    """A parked email in the list."""

    id: int
    subject: str
    sender: str
    reason: str
    at: str


@dataclass(frozen=True)
class ParkedDetails:
    """A parked email with its content."""

    id: int = 0
    subject: str = ""
    sender: str = ""
    reason: str = ""
    message: str = ""
    source: str = ""
    is_cut: bool = False


def _sender(row: IncomingEmailRow) -> str:
    if not row.sender:
        return texts.NO_SENDER
    return f"{row.sender_name} <{row.sender}>" if row.sender_name else row.sender


def load_parked_and_one_more(uow: UnitOfWork, before_id: int | None) -> list[ParkedRow]:
    """Return one page of parked emails and one more. Raises `Forbidden`."""
    return [
        ParkedRow(
            row.id,
            row.subject or texts.NO_SUBJECT,
            _sender(row),
            row.reason or "",
            iso_time(row.received_at),
        )
        for row in parked.list_parked(uow, before_id=before_id, limit=PAGE_SIZE + 1)
    ]


def load_details(uow: UnitOfWork, email_id: int) -> ParkedDetails:
    """Return a parked email with its content. Raises `Forbidden`, `NotFound`."""
    row = parked.get_email(uow, email_id)
    source = parked.get_source(uow, email_id)
    try:
        message = parked.read_email(uow, email_id).text
    except RuleViolation:
        message = texts.UNREADABLE
    return ParkedDetails(
        id=row.id,
        subject=row.subject or texts.NO_SUBJECT,
        sender=_sender(row),
        reason=row.reason or "",
        message=message,
        source=source[:MAX_SHOWN_SOURCE].decode(errors="replace").replace("\x00", ""),
        is_cut=len(source) > MAX_SHOWN_SOURCE,
    )


def _create_ticket(uow: UnitOfWork, email_id: int) -> str:
    ticket = parked.make_ticket(uow, email_id)
    return f"{ticket.key_prefix}-{ticket.key_number}"


def _add_to_ticket(uow: UnitOfWork, email_id: int, reference: str) -> str:
    ticket = parked.add_to_ticket(uow, email_id, reference)
    return f"{ticket.key_prefix}-{ticket.key_number}"


def _block(uow: UnitOfWork, email_id: int, whole_domain: bool) -> None:
    parked.block_sender(uow, email_id, whole_domain=whole_domain)


class ParkedMail(rx.State):
    """One page of parked emails, and the one in the open dialog."""

    rows: list[ParkedRow] = []
    has_more: bool = False
    is_later_page: bool = False
    details: ParkedDetails = ParkedDetails()
    errors: dict[str, str] = {}
    is_loaded: bool = False
    denied_reason: str = ""

    _before_id: int | None = None

    @bridge.event
    async def load(self) -> None:
        """Load the emails that the address asks for."""
        before = str(self.router.url.query_parameters.get("before", ""))
        self._before_id = int(before) if before.isdecimal() and len(before) < 16 else None
        self.is_later_page = self._before_id is not None
        self.denied_reason = ""
        try:
            await self._load_rows()
        except Forbidden as error:
            self.rows, self.denied_reason = [], error.message
        self.is_loaded = True

    async def _load_rows(self) -> None:
        rows = await bridge.read(self, load_parked_and_one_more, self._before_id)
        self.rows, self.has_more = rows[:PAGE_SIZE], len(rows) > PAGE_SIZE

    @bridge.event
    def show_older(self) -> bridge.Events:
        """Go to the next page."""
        return rx.redirect(f"{routes.ADMIN_MAIL_PARKED}?before={self.rows[-1].id}")

    @bridge.event
    async def open_email(self, email_id: int) -> None:
        """Open an email with its content."""
        self.details, self.errors = await bridge.read(self, load_details, email_id), {}
        await open_dialog(self, PARKED_DIALOG, email_id)

    async def _finish(self) -> None:
        await close_dialog(self)
        await self._load_rows()

    @bridge.event
    async def create_ticket(self, seen: str) -> bridge.Events:
        """Open a ticket with the email."""
        await ensure_dialog_is_current(self, PARKED_DIALOG, seen)
        key = await bridge.write(self, _create_ticket, self.details.id)
        await self._finish()
        return w.toast(texts.ticket_created(key), tone="green")

    @bridge.submission
    async def add_to_ticket(self, seen: str, form: bridge.FormData) -> bridge.Events:
        """Add the email to a ticket."""
        await ensure_dialog_is_current(self, PARKED_DIALOG, seen)
        reference, self.errors = str(form.get("ticket", "")).strip()[:60], {}
        try:
            key = await bridge.write(self, _add_to_ticket, self.details.id, reference)
        except Unauthenticated:
            raise
        except DomainError as error:
            self.errors = {"": error.message}
            return None
        await self._finish()
        return w.toast(texts.added_to(key), tone="green")

    @bridge.event
    async def discard(self, seen: str) -> bridge.Events:
        """Throw the email away."""
        await ensure_dialog_is_current(self, PARKED_DIALOG, seen)
        await bridge.write(self, parked.discard, self.details.id)
        await self._finish()
        return w.toast(texts.DISCARDED, tone="green")

    @bridge.event
    async def block(self, whole_domain: bool, seen: str) -> bridge.Events:
        """Block the sender or their domain, and throw the email away."""
        await ensure_dialog_is_current(self, PARKED_DIALOG, seen)
        await bridge.write(self, _block, self.details.id, whole_domain)
        await self._finish()
        return w.toast(texts.BLOCKED, tone="green")


def _parked_item(row: rx.Var[ParkedRow]) -> rx.Component:
    return rx.el.li(
        rx.icon("mail-question", size=16, class_name="text-muted"),
        rx.el.div(
            rx.el.button(
                rx.el.b(row.subject, dir="auto"),
                type="button",
                class_name="row-button truncate mail-subject",
                on_click=ParkedMail.open_email(row.id),
                aria_label=texts.open_email(row.subject),
            ),
            rx.el.div(
                rx.el.span(row.sender, class_name="truncate", dir="auto"),
                class_name="settings-row-details text-muted text-small",
            ),
            rx.el.p(row.reason, class_name="settings-warning", dir="auto"),
            class_name="settings-row-main",
        ),
        rx.el.span(w.time_ago(row.at), class_name="text-muted text-small delivery-time"),
        class_name="delivery-row mail-parked-row",
        key=row.id,
    )


def _dialog() -> rx.Component:
    one = ParkedMail.details
    seen = OpenDialog.fingerprint
    return dialog_root(
        PARKED_DIALOG,
        rx.dialog.content(
            rx.dialog.title(one.subject, size="3", dir="auto"),
            rx.dialog.description(one.sender, size="1", class_name="text-muted", dir="auto"),
            rx.el.div(
                w.callout(one.reason, tone="amber"),
                rx.el.section(
                    rx.el.h2(texts.MESSAGE),
                    rx.el.pre(one.message, tab_index=0, aria_label=texts.MESSAGE, dir="auto"),
                ),
                rx.el.details(
                    rx.el.summary(texts.SOURCE, class_name="text-muted text-small"),
                    rx.el.pre(one.source, tab_index=0, aria_label=texts.SOURCE),
                    rx.cond(
                        one.is_cut, rx.el.p(texts.SOURCE_CUT, class_name="text-muted text-small")
                    ),
                ),
                rx.el.form(
                    w.text_input(
                        "ticket",
                        placeholder=texts.TICKET_EXAMPLE,
                        aria_label=texts.TICKET,
                        auto_complete="off",
                        max_length=60,
                    ),
                    w.button(texts.ADD_TO_TICKET, submit=True),
                    fields.field_error(ParkedMail.errors[""]),
                    on_submit=ParkedMail.add_to_ticket(seen),
                    no_validate=True,
                    class_name="mail-block-form",
                    key=one.id,
                ),
                class_name="delivery-messages",
            ),
            rx.el.div(
                w.menu_root(
                    rx.dropdown_menu.trigger(w.button(texts.DISCARD, icon="chevron-down")),
                    rx.dropdown_menu.content(
                        rx.dropdown_menu.item(texts.DISCARD, on_select=ParkedMail.discard(seen)),
                        rx.dropdown_menu.separator(),
                        rx.dropdown_menu.item(
                            texts.BLOCK_SENDER,
                            color="red",
                            on_select=ParkedMail.block(False, seen),
                        ),
                        rx.dropdown_menu.item(
                            texts.BLOCK_DOMAIN,
                            color="red",
                            on_select=ParkedMail.block(True, seen),
                        ),
                        size="1",
                    ),
                ),
                rx.dialog.close(w.button(texts.CLOSE)),
                w.button(
                    texts.CREATE_TICKET,
                    variant="primary",
                    icon="plus",
                    on_click=ParkedMail.create_ticket(seen),
                ),
                class_name="align-end dialog-actions",
            ),
            max_width="760px",
        ),
    )


def parked_mail_page() -> rx.Component:
    """Return the page."""
    return settings_page(
        routes.ADMIN_MAIL,
        sender_check_advice(),
        rx.el.section(mail_tabs(routes.ADMIN_MAIL_PARKED)),
        rx.cond(
            ParkedMail.rows,
            rx.fragment(
                rx.el.p(texts.PARKED_LEAD, class_name="text-muted settings-intro"),
                rx.el.ul(
                    rx.foreach(ParkedMail.rows, _parked_item),
                    class_name="list-unstyled delivery-list",
                ),
            ),
            w.empty_state("mail-check", texts.PARKED_EMPTY_TITLE, texts.PARKED_EMPTY_HINT),
        ),
        rx.el.div(
            rx.cond(
                ParkedMail.is_later_page,
                w.button_link(texts.NEWEST, to=routes.ADMIN_MAIL_PARKED),
            ),
            rx.cond(
                ParkedMail.has_more,
                w.button(texts.OLDER, icon="chevron-right", on_click=ParkedMail.show_older),
            ),
            class_name="audit-paging",
        ),
        _dialog(),
        ready=ParkedMail.is_loaded,
        denied_reason=ParkedMail.denied_reason,
    )

"""Undeliverable addresses, which can be cleared, and blocked senders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import reflex as rx

from ticket_app.core.email.incoming import blocking
from ticket_app.core.email.outgoing import addresses
from ticket_app.core.platform.errors import DomainError, Forbidden, Unauthenticated
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.admin import fields
from ticket_app.ui.pages.admin.layout import settings_page
from ticket_app.ui.pages.admin.mail import texts
from ticket_app.ui.pages.admin.mail.tabs import mail_tabs
from ticket_app.ui.rows import iso_time

PATTERN_LABELS: Final = {"pattern": texts.PATTERN}


@dataclass(frozen=True)
class AddressRow:
    """An undeliverable address, or a blocked address or domain."""

    id: int
    address: str
    details: str
    at: str


@dataclass(frozen=True)
class AddressLists:
    """Both lists of the page."""

    undeliverable: list[AddressRow]
    blocked: list[AddressRow]


def load_lists(uow: UnitOfWork) -> AddressLists:
    """Return both lists. Raises `Forbidden`."""
    return AddressLists(
        undeliverable=[
            AddressRow(row.id, row.address, row.reason, iso_time(row.created_at))
            for row in addresses.list_undeliverable(uow)
        ],
        blocked=[
            AddressRow(row.id, row.pattern, row.author_name or "", iso_time(row.created_at))
            for row in blocking.list_blocked(uow)
        ],
    )


class MailAddresses(rx.State):
    """Undeliverable addresses and blocked senders."""

    undeliverable: list[AddressRow] = []
    blocked: list[AddressRow] = []
    errors: dict[str, str] = {}
    is_loaded: bool = False
    denied_reason: str = ""

    @bridge.event
    async def load(self) -> None:
        """Load both lists."""
        self.denied_reason, self.errors = "", {}
        try:
            await self._load_rows()
        except Forbidden as error:
            self.undeliverable, self.blocked, self.denied_reason = [], [], error.message
        self.is_loaded = True

    async def _load_rows(self) -> None:
        found = await bridge.read(self, load_lists)
        self.undeliverable, self.blocked = found.undeliverable, found.blocked

    @bridge.event
    async def clear(self, address: str) -> bridge.Events:
        """Send to an address again."""
        await bridge.write(self, addresses.clear, address)
        await self._load_rows()
        return w.toast(texts.cleared(address), tone="green")

    @bridge.submission
    async def block(self, form: bridge.FormData) -> bridge.Events:
        """Block an address or a domain."""
        pattern, self.errors = str(form.get("pattern", ""))[:300], {}
        try:
            await bridge.write(self, blocking.block, pattern)
        except Unauthenticated:
            raise
        except DomainError as error:
            self.errors = fields.field_errors(error, PATTERN_LABELS)
            return None
        await self._load_rows()
        return w.toast(texts.blocked(pattern.strip()), tone="green")

    @bridge.event
    async def unblock(self, blocked_id: int, pattern: str) -> bridge.Events:
        """Accept email from an address or domain again."""
        await bridge.write(self, blocking.unblock, blocked_id)
        await self._load_rows()
        return w.toast(texts.unblocked(pattern), tone="green")


def _address_item(
    row: rx.Var[AddressRow], label: str, accessible_label: str, action: rx.event.EventType
) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.b(row.address, class_name="break-anywhere", dir="auto"),
            rx.el.div(
                rx.cond(
                    row.details != "",
                    rx.el.span(row.details, class_name="break-anywhere", dir="auto"),
                ),
                rx.el.span(w.time_ago(row.at)),
                class_name="settings-row-details text-muted text-small",
            ),
            class_name="settings-row-main",
        ),
        w.button(label, on_click=action, aria_label=accessible_label),
        class_name="settings-row mail-address-row",
        key=row.id,
    )


def _list(rows: rx.Var[list[AddressRow]], item: Any, empty: str) -> rx.Component:
    return rx.cond(
        rows,
        rx.el.ul(rx.foreach(rows, item), class_name="list-unstyled settings-list"),
        rx.el.p(empty, class_name="text-muted"),
    )


def mail_addresses_page() -> rx.Component:
    """Return the page."""
    return settings_page(
        routes.ADMIN_MAIL,
        rx.el.section(mail_tabs(routes.ADMIN_MAIL_ADDRESSES)),
        rx.el.section(
            w.section_header(texts.UNDELIVERABLE),
            rx.el.p(texts.UNDELIVERABLE_LEAD, class_name="text-muted settings-intro"),
            _list(
                MailAddresses.undeliverable,
                lambda row: _address_item(
                    row,
                    texts.CLEAR_ADDRESS,
                    texts.clear_address(row.address),
                    MailAddresses.clear(row.address),
                ),
                texts.UNDELIVERABLE_EMPTY,
            ),
            class_name="settings-section",
        ),
        rx.el.section(
            w.section_header(texts.BLOCKED_SENDERS),
            rx.el.p(texts.BLOCKED_LEAD, class_name="text-muted settings-intro"),
            rx.el.form(
                w.text_input(
                    "pattern",
                    placeholder=texts.PATTERN_EXAMPLE,
                    aria_label=texts.PATTERN,
                    auto_complete="off",
                    max_length=254,
                ),
                w.button(texts.BLOCK, submit=True),
                fields.field_error(MailAddresses.errors["pattern"]),
                fields.field_error(MailAddresses.errors[""]),
                on_submit=MailAddresses.block,
                reset_on_submit=True,
                no_validate=True,
                class_name="mail-block-form",
            ),
            _list(
                MailAddresses.blocked,
                lambda row: _address_item(
                    row,
                    texts.REMOVE,
                    texts.remove_blocked(row.address),
                    MailAddresses.unblock(row.id, row.address),
                ),
                texts.BLOCKED_EMPTY,
            ),
            class_name="settings-section",
        ),
        ready=MailAddresses.is_loaded,
        denied_reason=MailAddresses.denied_reason,
    )

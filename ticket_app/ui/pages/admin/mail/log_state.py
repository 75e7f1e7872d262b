"""The state of the log of outgoing email; filters and the page are in the address."""

from __future__ import annotations

from typing import Final

import reflex as rx

from ticket_app.core.email.outgoing import log, trial
from ticket_app.core.platform.errors import Forbidden
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import close_dialog, ensure_dialog_is_current, open_dialog
from ticket_app.ui.pages.admin.mail import texts
from ticket_app.ui.pages.admin.mail.log_rows import (
    FILTER_NAMES,
    EmailDetails,
    EmailRow,
    load_details,
    load_page,
    parse_uuid,
)

EMAIL_DIALOG: Final = "outgoing-email"
MAX_FILTER_LENGTH: Final = 200


def _resend(uow: UnitOfWork, email_uuid: str) -> None:
    log.resend(uow, parse_uuid(email_uuid))


def _retry(uow: UnitOfWork, email_uuid: str) -> None:
    log.retry(uow, parse_uuid(email_uuid))


def _drop(uow: UnitOfWork, email_uuid: str) -> None:
    log.drop(uow, parse_uuid(email_uuid))


ACTIONS: Final = {
    "resend": (_resend, texts.RESENT),
    "retry": (_retry, texts.RETRIED),
    "drop": (_drop, texts.DROPPED),
}


class EmailLog(rx.State):
    """One page of the log, and the email in the open dialog."""

    rows: list[EmailRow] = []
    counts: dict[str, str] = {}
    state: str = ""
    kind: str = ""
    has_filters: bool = False
    is_later_page: bool = False
    next_cursor: str = ""
    is_loaded: bool = False
    denied_reason: str = ""
    details: EmailDetails = EmailDetails()
    theme: str = "light"

    _filters: dict[str, str] = {}
    _before: str = ""

    @bridge.event
    async def load(self) -> None:
        """Load the emails that the address asks for."""
        params = self.router.url.query_parameters
        self._filters = {
            name: str(params.get(name, ""))[:MAX_FILTER_LENGTH].strip() for name in FILTER_NAMES
        }
        self.state = self._filters["state"] if self._filters["state"] in texts.STATE_LABELS else ""
        self.kind = texts.KIND_LABELS.get(self._filters["kind"], "")
        self.has_filters = any(self._filters.values())
        self._before = str(params.get("before", ""))[:16]
        self.is_later_page = self._before != ""
        self.denied_reason = ""
        try:
            await self._load_rows()
        except Forbidden as error:
            self.rows, self.next_cursor, self.denied_reason = [], "", error.message
        self.is_loaded = True

    async def _load_rows(self) -> None:
        found = await bridge.read(self, load_page, self._filters, self._before)
        self.rows, self.counts, self.next_cursor = found.rows, found.counts, found.next_cursor

    @bridge.event
    def filter_by(self, name: str, value: str) -> bridge.Events:
        """Set one filter, from the newest emails on."""
        if name in FILTER_NAMES:
            changed = {**self._filters, name: value[:MAX_FILTER_LENGTH]}
            return rx.redirect(routes.admin_mail(**changed))
        return None

    @bridge.event
    def show_older(self) -> bridge.Events:
        """Go to the next page."""
        return rx.redirect(routes.admin_mail(**self._filters, before=self.next_cursor))

    @bridge.event
    def show_newest(self) -> bridge.Events:
        """Go to the first page."""
        return rx.redirect(routes.admin_mail(**self._filters))

    @bridge.event
    async def open_email(self, email_uuid: str) -> None:
        """Open an email with its content."""
        self.details = await bridge.read(self, load_details, email_uuid)
        await open_dialog(self, EMAIL_DIALOG, email_uuid)

    @bridge.event
    def show_theme(self, theme: str) -> None:
        """Show the open email in light or dark colours."""
        self.theme = "dark" if theme == "dark" else "light"

    @bridge.event
    async def act(self, name: str, seen: str) -> bridge.Events:
        """Send the open email again or now, or do not send it."""
        await ensure_dialog_is_current(self, EMAIL_DIALOG, seen)
        use_case, message = ACTIONS[name]
        await bridge.write(self, use_case, self.details.uuid)
        await close_dialog(self)
        await self._load_rows()
        return w.toast(message, tone="green")

    @bridge.event
    async def send_test(self) -> bridge.Events:
        """Send an email to the administrator's own address."""
        address = await bridge.write(self, trial.send_test_email)
        await self._load_rows()
        return w.toast(texts.test_sent(address), tone="green", detail=texts.TEST_HINT)

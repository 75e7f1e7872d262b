"""What staff do by email on the page of a ticket: change Cc, forward, look at originals, retry."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import reflex as rx

from ticket_app.core.email import copied_people, deliveries, forwarding
from ticket_app.core.platform.errors import Invalid, NotFound
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import close_dialog, ensure_dialog_is_current, open_dialog
from ticket_app.ui.pages.desk import email_texts as texts
from ticket_app.ui.pages.desk.ticket.email_rows import OriginalEmail, load_original
from ticket_app.ui.pages.desk.ticket.state import TicketPage, show_own_change
from ticket_app.ui.pages.inbox.following import Following
from ticket_app.ui.rows import is_id

ORIGINAL_DIALOG: Final = "original-email"
FORWARD_DIALOG: Final = "forward-email"
WHOLE_CONVERSATION: Final = -1
"""The id that stands for all public messages."""


def _add(uow: UnitOfWork, ticket_id: int, value: str) -> int:
    if is_id(value):
        return copied_people.add_person(uow, ticket_id, int(value)).version
    return copied_people.add_address(uow, ticket_id, value).version


def _remove(uow: UnitOfWork, ticket_id: int, person_id: int) -> int:
    return copied_people.remove_person(uow, ticket_id, person_id).version


def _retry(uow: UnitOfWork, ticket_id: int, email: str) -> None:
    try:
        deliveries.retry_email(uow, ticket_id, UUID(email))
    except ValueError:
        raise NotFound(texts.EMAIL) from None


class TicketEmail(rx.State):
    """The original in the open dialog, or the message to forward."""

    original: OriginalEmail = OriginalEmail()
    message_id: int = WHOLE_CONVERSATION
    error: str = ""

    _ticket_id: int = 0

    @bridge.event
    async def add_to_cc(self, ticket_id: int, value: str) -> bridge.Events:
        """Add a person, by their id, or an address to Cc."""
        try:
            version = await bridge.write(self, _add, ticket_id, value[:300])
        except Invalid as error:
            return w.toast(f"{texts.FORWARD_FIELDS[error.field]} {error.reason}.", tone="red")
        await show_own_change(self, version)
        return [w.toast(texts.ADDED, tone="green"), Following.load]

    @bridge.event
    async def remove_from_cc(self, ticket_id: int, person_id: int) -> bridge.Events:
        """Take a person out of Cc."""
        version = await bridge.write(self, _remove, ticket_id, person_id)
        await show_own_change(self, version)
        return [w.toast(texts.REMOVED, tone="green"), Following.load]

    @bridge.event
    async def retry(self, ticket_id: int, email: str) -> bridge.Events:
        """Send an email that failed again."""
        await bridge.write(self, _retry, ticket_id, email)
        return [w.toast(texts.RETRYING), TicketPage.refresh]

    @bridge.event
    async def open_original(self, email_id: int) -> None:
        """Show the original of a message."""
        self.original = await bridge.read(self, load_original, email_id)
        await open_dialog(self, ORIGINAL_DIALOG, email_id)

    @bridge.event
    async def open_forward(self, ticket_id: int, message_id: int) -> None:
        """Open the form that forwards a message or the whole conversation."""
        self._ticket_id, self.message_id, self.error = ticket_id, message_id, ""
        await open_dialog(self, FORWARD_DIALOG, ticket_id, message_id)

    @bridge.submission
    async def forward(self, seen: str, form: bridge.FormData) -> bridge.Events:
        """Forward what the dialog names."""
        await ensure_dialog_is_current(self, FORWARD_DIALOG, seen)
        try:
            await bridge.write(
                self,
                forwarding.forward,
                self._ticket_id,
                str(form.get("to", ""))[:300],
                str(form.get("text", "")),
                message_id=None if self.message_id == WHOLE_CONVERSATION else self.message_id,
                with_files=form.get("files") == "on",
            )
        except Invalid as error:
            self.error = f"{texts.FORWARD_FIELDS[error.field]} {error.reason}"
            return None
        await close_dialog(self)
        return [w.toast(texts.FORWARDED, tone="green"), TicketPage.refresh]

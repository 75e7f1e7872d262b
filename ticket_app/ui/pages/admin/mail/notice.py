"""The notice on the settings pages about a mail server that does not work."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.email.incoming import sender_checks
from ticket_app.core.email.outgoing import health
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.admin.mail import texts


def load_trouble(uow: UnitOfWork) -> tuple[str, bool]:
    """Return what keeps email from leaving, and whether any sender of email is trusted."""
    if not uow.actor.can("set_up"):
        return "", False
    return health.get_health(uow).problem, sender_checks.trusts_any_sender(uow)


class MailTrouble(rx.State):
    """What keeps email from leaving, empty while it works, and whether any sender is trusted."""

    problem: str = ""
    trusts_any_sender: bool = False

    @bridge.event
    async def load(self) -> None:
        """Look whether the mail server works, for administrators."""
        self.problem, self.trusts_any_sender = await bridge.read(self, load_trouble)


def mail_notice() -> rx.Component:
    """Return the notice on the settings pages."""
    return rx.cond(
        MailTrouble.problem != "",
        w.callout(
            texts.TROUBLE_TITLE,
            texts.waiting_hint(MailTrouble.problem),
            tone="red",
            action=w.button_link(texts.TROUBLE_LINK, to=routes.ADMIN_MAIL),
        ),
    )


def sender_check_advice() -> rx.Component:
    """Return the advice to have the senders of incoming email checked."""
    return rx.cond(
        MailTrouble.trusts_any_sender,
        w.callout(
            texts.SENDERS_UNCHECKED,
            texts.SENDERS_UNCHECKED_HINT,
            tone="amber",
        ),
    )

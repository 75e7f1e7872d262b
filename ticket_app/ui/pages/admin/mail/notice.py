"""The notice on the settings pages about a mail server that does not work."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.email.outgoing import health
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.admin.mail import texts


def _find_problem(uow: UnitOfWork) -> str:
    return health.get_health(uow).problem if uow.actor.can("set_up") else ""


class MailTrouble(rx.State):
    """What keeps email from leaving; empty while it works."""

    problem: str = ""

    @bridge.event
    async def load(self) -> None:
        """Look whether the mail server works, for administrators."""
        self.problem = await bridge.read(self, _find_problem)


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

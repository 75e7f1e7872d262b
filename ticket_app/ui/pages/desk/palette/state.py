"""The pages that the signed-in person may open from the command palette."""

from __future__ import annotations

from typing import Final

import reflex as rx

from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Unauthenticated
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.ui import bridge, routes
from ticket_app.ui.components.command_palette import PalettePage
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.queue.views import TRASH_VIEW, VIEWS
from ticket_app.ui.pages.desk.settings_menu import allowed_settings_pages, can_open_analytics

OWN_PAGES: Final = (
    (texts.LAYOUT_MY_TICKETS, routes.PORTAL),
    (texts.LAYOUT_PROFILE, routes.PORTAL_PROFILE),
    (texts.LAYOUT_NOTIFICATION_SETTINGS, routes.NOTIFICATION_SETTINGS),
)
"""The pages of every person, staff or requester."""


def _page(label: str, to: str, group: str = "") -> PalettePage:
    return {"label": label, "to": to, "group": group}


def list_pages(actor: Actor) -> list[PalettePage]:
    """Return the pages that a person may open, those used most first."""
    own = [_page(*page) for page in OWN_PAGES]
    if not actor.is_staff:
        return [
            _page(texts.LAYOUT_NEW_TICKET, routes.PORTAL_NEW),
            _page(texts.LAYOUT_INBOX, routes.PORTAL_INBOX),
            *own,
        ]
    pages = [
        *(_page(view.label, routes.desk_view(name)) for name, view in VIEWS.items()),
        _page(texts.LAYOUT_NEW_TICKET, routes.DESK_NEW),
        _page(texts.LAYOUT_INBOX, routes.DESK_INBOX),
        _page(texts.LAYOUT_APPROVALS, routes.DESK_APPROVALS),
    ]
    if can_open_analytics(actor):
        pages.append(_page(texts.LAYOUT_ANALYTICS, routes.DESK_ANALYTICS))
    if actor.can("restore_tickets"):
        pages.append(_page(texts.DESK_TRASH, routes.desk_view(TRASH_VIEW)))
    settings = [
        _page(page.label, page.path, texts.LAYOUT_SETTINGS)
        for page in allowed_settings_pages(actor)
    ]
    return [*pages, *own, *settings]


def _load_pages(uow: UnitOfWork) -> tuple[list[PalettePage], bool]:
    return list_pages(uow.actor), uow.actor.is_staff


class Palette(rx.State):
    """The pages of the command palette; none for people who are not signed in."""

    pages: list[PalettePage] = []
    is_staff: bool = False

    @bridge.event
    async def load(self) -> None:
        """Load the pages; asked for when the account is known."""
        try:
            self.pages, self.is_staff = await bridge.read(self, _load_pages)
        except Unauthenticated:
            self.pages, self.is_staff = [], False

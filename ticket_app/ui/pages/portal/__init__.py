"""The pages of the portal, for people who file tickets."""

from __future__ import annotations

from typing import Any

from ticket_app.ui import routes
from ticket_app.ui import widgets as w
from ticket_app.ui.page_adding import Pages
from ticket_app.ui.pages.inbox.bell import Bell
from ticket_app.ui.pages.inbox.state import Inbox
from ticket_app.ui.pages.portal.filing.state import NewTicket
from ticket_app.ui.pages.portal.filing.view import new_ticket
from ticket_app.ui.pages.portal.inbox import portal_inbox
from ticket_app.ui.pages.portal.mine.state import MyTickets
from ticket_app.ui.pages.portal.mine.view import my_tickets
from ticket_app.ui.pages.portal.profile.state import Profile
from ticket_app.ui.pages.portal.profile.view import profile
from ticket_app.ui.pages.portal.ticket.state import PortalTicket
from ticket_app.ui.pages.portal.ticket.view import TITLE, portal_ticket
from ticket_app.ui.session import Me


def add_pages(app: Pages) -> None:
    """Add the portal's pages, those with a ticket in their address first."""
    pages: tuple[tuple[Any, str, Any, Any], ...] = (
        (portal_ticket, routes.PORTAL_TICKET, TITLE, PortalTicket.load),
        (my_tickets, routes.PORTAL, "My tickets", MyTickets.load),
        (new_ticket, routes.PORTAL_NEW, "New ticket", NewTicket.load),
        (profile, routes.PORTAL_PROFILE, "Profile", Profile.load),
        (portal_inbox, routes.PORTAL_INBOX, "Notifications", Inbox.load),
    )
    for page, route, title, load in pages:
        app.add_page(
            page, route=route, title=w.window_title(title), on_load=[Me.load, load, Bell.load]
        )

"""The customer portal."""

from __future__ import annotations

from collections.abc import Callable

import reflex as rx

from ticket_app.ui import routes
from ticket_app.ui import widgets as w
from ticket_app.ui.current_user import CurrentUser
from ticket_app.ui.page_registry import PageRegistry
from ticket_app.ui.pages.inbox.following import Following
from ticket_app.ui.pages.inbox.state import Inbox
from ticket_app.ui.pages.inbox.unread_badge import UnreadBadge
from ticket_app.ui.pages.notification_settings import texts as notification_texts
from ticket_app.ui.pages.notification_settings.state import NotificationSettings
from ticket_app.ui.pages.notification_settings.view import notification_settings_page
from ticket_app.ui.pages.portal import texts
from ticket_app.ui.pages.portal.inbox import inbox_page
from ticket_app.ui.pages.portal.my_tickets.state import MyTickets
from ticket_app.ui.pages.portal.my_tickets.view import my_tickets_page
from ticket_app.ui.pages.portal.new_ticket.state import NewTicket
from ticket_app.ui.pages.portal.new_ticket.view import new_ticket_page
from ticket_app.ui.pages.portal.profile.state import Profile
from ticket_app.ui.pages.portal.profile.view import profile_page
from ticket_app.ui.pages.portal.ticket.composer import ReplyComposer
from ticket_app.ui.pages.portal.ticket.state import PortalTicket
from ticket_app.ui.pages.portal.ticket.view import WINDOW_TITLE, ticket_page
from ticket_app.ui.widgets.vars import Text


def add_pages(app: PageRegistry) -> None:
    """Add the portal's pages; routes with a parameter come first."""
    pages: tuple[
        tuple[Callable[[], rx.Component], str, Text, list[rx.event.EventType[()]]], ...
    ] = (
        (
            ticket_page,
            routes.PORTAL_TICKET,
            WINDOW_TITLE,
            [ReplyComposer.load, PortalTicket.load, Following.load],
        ),
        (my_tickets_page, routes.PORTAL, texts.MY_TICKETS, [MyTickets.load]),
        (new_ticket_page, routes.PORTAL_NEW, texts.NEW_TICKET, [NewTicket.load]),
        (profile_page, routes.PORTAL_PROFILE, texts.PROFILE, [Profile.load]),
        (inbox_page, routes.PORTAL_INBOX, texts.NOTIFICATIONS, [Inbox.load]),
        (
            notification_settings_page,
            routes.NOTIFICATION_SETTINGS,
            notification_texts.TITLE,
            [NotificationSettings.load],
        ),
    )
    for page, route, title, loads in pages:
        app.add_page(
            page,
            route=route,
            title=w.window_title(title),
            on_load=[CurrentUser.load, *loads, UnreadBadge.load],
        )

"""The pages for staff."""

from __future__ import annotations

from ticket_app.ui import routes
from ticket_app.ui import widgets as w
from ticket_app.ui.current_user import CurrentUser
from ticket_app.ui.page_registry import PageRegistry
from ticket_app.ui.pages.analytics.state import Analytics
from ticket_app.ui.pages.analytics.view import analytics_page
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.approvals.list_page import WaitingApprovals, approvals_page
from ticket_app.ui.pages.desk.approvals.ticket_panel import TicketApproval
from ticket_app.ui.pages.desk.inbox import inbox_page
from ticket_app.ui.pages.desk.macros.state import MacroMenu
from ticket_app.ui.pages.desk.new_ticket.state import NewTicket
from ticket_app.ui.pages.desk.new_ticket.view import new_ticket_page
from ticket_app.ui.pages.desk.presence.state import QueuePresence, TicketPresence
from ticket_app.ui.pages.desk.queue.state import Queue
from ticket_app.ui.pages.desk.queue.view import WINDOW_TITLE as QUEUE_TITLE
from ticket_app.ui.pages.desk.queue.view import queue_page
from ticket_app.ui.pages.desk.queue.views import TRASH_VIEW
from ticket_app.ui.pages.desk.sidebar import Sidebar
from ticket_app.ui.pages.desk.ticket.composer_state import TicketComposer
from ticket_app.ui.pages.desk.ticket.merge import TicketMerge
from ticket_app.ui.pages.desk.ticket.state import TicketPage
from ticket_app.ui.pages.desk.ticket.view import WINDOW_TITLE as TICKET_TITLE
from ticket_app.ui.pages.desk.ticket.view import ticket_page
from ticket_app.ui.pages.desk.trash_list import Trash, trash_page
from ticket_app.ui.pages.inbox.following import Following
from ticket_app.ui.pages.inbox.state import Inbox
from ticket_app.ui.pages.inbox.unread_badge import UnreadBadge


def add_pages(app: PageRegistry) -> None:
    """Add the pages for staff, the one of a ticket first."""
    queue_events = [
        CurrentUser.load_staff,
        Queue.load,
        QueuePresence.load,
        MacroMenu.load,
        Sidebar.load,
        UnreadBadge.load,
    ]
    app.add_page(
        ticket_page,
        route=routes.DESK_TICKET,
        title=w.window_title(TICKET_TITLE),
        on_load=[
            CurrentUser.load_staff,
            TicketComposer.load,
            TicketPage.load,
            TicketPresence.load,
            TicketApproval.load,
            TicketMerge.load,
            MacroMenu.load,
            Following.load,
            Sidebar.load,
            UnreadBadge.load,
        ],
    )
    app.add_page(
        trash_page,
        route=routes.desk_view(TRASH_VIEW),
        title=w.window_title(texts.DESK_TRASH),
        on_load=[CurrentUser.load_staff, Trash.load, Sidebar.load, UnreadBadge.load],
    )
    app.add_page(
        new_ticket_page,
        route=routes.DESK_NEW,
        title=w.window_title(texts.LAYOUT_NEW_TICKET),
        on_load=[CurrentUser.load_staff, NewTicket.load, Sidebar.load, UnreadBadge.load],
    )
    app.add_page(
        inbox_page,
        route=routes.DESK_INBOX,
        title=w.window_title(texts.LAYOUT_INBOX),
        on_load=[CurrentUser.load_staff, Inbox.load, Sidebar.load, UnreadBadge.load],
    )
    app.add_page(
        approvals_page,
        route=routes.DESK_APPROVALS,
        title=w.window_title(texts.LAYOUT_APPROVALS),
        on_load=[CurrentUser.load_staff, WaitingApprovals.load, Sidebar.load, UnreadBadge.load],
    )
    app.add_page(
        analytics_page,
        route=routes.DESK_ANALYTICS,
        title=w.window_title(texts.LAYOUT_ANALYTICS),
        on_load=[CurrentUser.load_staff, Analytics.load, Sidebar.load, UnreadBadge.load],
    )
    app.add_page(
        queue_page, route=routes.DESK_VIEW, title=w.window_title(QUEUE_TITLE), on_load=queue_events
    )
    app.add_page(
        queue_page, route=routes.DESK, title=w.window_title(QUEUE_TITLE), on_load=queue_events
    )

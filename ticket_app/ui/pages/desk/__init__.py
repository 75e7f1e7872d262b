"""The pages of the desk."""

from __future__ import annotations

from ticket_app.ui import routes
from ticket_app.ui import widgets as w
from ticket_app.ui.page_adding import Pages
from ticket_app.ui.pages.analytics.state import Analytics
from ticket_app.ui.pages.analytics.view import analytics_page
from ticket_app.ui.pages.desk.approvals.panel import TicketApproval
from ticket_app.ui.pages.desk.approvals.waiting import Approvals, approvals_page
from ticket_app.ui.pages.desk.frame import Rail
from ticket_app.ui.pages.desk.inbox import inbox_page
from ticket_app.ui.pages.desk.merging import Merging
from ticket_app.ui.pages.desk.new.state import NewTicket
from ticket_app.ui.pages.desk.new.view import new_page
from ticket_app.ui.pages.desk.queue_state import Queue
from ticket_app.ui.pages.desk.queue_view import OPEN_VIEW, queue_page
from ticket_app.ui.pages.desk.ticket_state import TicketPage
from ticket_app.ui.pages.desk.ticket_view import TAB, ticket_page
from ticket_app.ui.pages.desk.trash import Trash, trash_page
from ticket_app.ui.pages.desk.views import TRASH
from ticket_app.ui.pages.inbox.bell import Bell
from ticket_app.ui.pages.inbox.state import Inbox
from ticket_app.ui.session import Me


def add_pages(app: Pages) -> None:
    """Add the desk's pages, those with a ticket in their address first."""
    listed = [Me.load_staff, Queue.load, Rail.load, Bell.load]
    app.add_page(
        ticket_page,
        route=routes.DESK_TICKET,
        title=w.window_title(TAB),
        on_load=[
            Me.load_staff,
            TicketPage.load,
            TicketApproval.load,
            Merging.load,
            Rail.load,
            Bell.load,
        ],
    )
    app.add_page(
        trash_page,
        route=routes.desk_view(TRASH),
        title=w.window_title("Trash"),
        on_load=[Me.load_staff, Trash.load, Rail.load, Bell.load],
    )
    app.add_page(
        new_page,
        route=routes.DESK_NEW,
        title=w.window_title("New ticket"),
        on_load=[Me.load_staff, NewTicket.load, Rail.load, Bell.load],
    )
    app.add_page(
        inbox_page,
        route=routes.DESK_INBOX,
        title=w.window_title("Inbox"),
        on_load=[Me.load_staff, Inbox.load, Rail.load, Bell.load],
    )
    app.add_page(
        approvals_page,
        route=routes.DESK_APPROVALS,
        title=w.window_title("Approvals"),
        on_load=[Me.load_staff, Approvals.load, Rail.load, Bell.load],
    )
    app.add_page(
        analytics_page,
        route=routes.DESK_ANALYTICS,
        title=w.window_title("Analytics"),
        on_load=[Me.load_staff, Analytics.load, Rail.load, Bell.load],
    )
    app.add_page(
        queue_page, route=routes.DESK_VIEW, title=w.window_title(OPEN_VIEW), on_load=listed
    )
    app.add_page(queue_page, route=routes.DESK, title=w.window_title(OPEN_VIEW), on_load=listed)

"""Add the email pages."""

from __future__ import annotations

from collections.abc import Sequence

from reflex.event import EventType

from ticket_app.ui import routes
from ticket_app.ui import widgets as w
from ticket_app.ui.current_user import CurrentUser
from ticket_app.ui.page_registry import PageRegistry
from ticket_app.ui.pages.admin.mail import texts
from ticket_app.ui.pages.admin.mail.addresses_page import MailAddresses, mail_addresses_page
from ticket_app.ui.pages.admin.mail.log_state import EmailLog
from ticket_app.ui.pages.admin.mail.log_view import email_log_page
from ticket_app.ui.pages.admin.mail.mailboxes_page import Mailboxes, mailboxes_page
from ticket_app.ui.pages.admin.mail.parked_page import ParkedMail, parked_mail_page
from ticket_app.ui.pages.admin.mail.templates_page import EmailTemplates, email_templates_page

PAGES = (
    (parked_mail_page, routes.ADMIN_MAIL_PARKED, texts.PARKED_TITLE, ParkedMail.load),
    (mailboxes_page, routes.ADMIN_MAIL_MAILBOXES, texts.MAILBOXES, Mailboxes.load),
    (email_templates_page, routes.ADMIN_MAIL_TEMPLATES, texts.TEMPLATES_TITLE, EmailTemplates.load),
    (mail_addresses_page, routes.ADMIN_MAIL_ADDRESSES, texts.ADDRESSES_TITLE, MailAddresses.load),
    (email_log_page, routes.ADMIN_MAIL, texts.LOG_TITLE, EmailLog.load),
)


def add_pages(app: PageRegistry, layout_events: Sequence[EventType[()]]) -> None:
    """Add the email pages."""
    for page, route, title, load in PAGES:
        app.add_page(
            page,
            route=route,
            title=w.window_title(title),
            on_load=[CurrentUser.load_staff, load, *layout_events],
        )

"""The settings pages for administrators."""

from __future__ import annotations

from ticket_app.ui import routes
from ticket_app.ui import widgets as w
from ticket_app.ui.current_user import CurrentUser
from ticket_app.ui.page_registry import PageRegistry
from ticket_app.ui.pages.admin import texts
from ticket_app.ui.pages.admin.approvals.list_page import ApprovalPolicies, approval_policies_page
from ticket_app.ui.pages.admin.audit import texts as audit_texts
from ticket_app.ui.pages.admin.audit.state import AuditLog
from ticket_app.ui.pages.admin.audit.view import audit_log_page
from ticket_app.ui.pages.admin.automation import pages as automation_pages
from ticket_app.ui.pages.admin.jobs.state import BackgroundJobs
from ticket_app.ui.pages.admin.jobs.view import background_jobs_page
from ticket_app.ui.pages.admin.layout import SettingsHome, settings_redirect_placeholder
from ticket_app.ui.pages.admin.mail import pages as mail_pages
from ticket_app.ui.pages.admin.mail.notice import MailTrouble
from ticket_app.ui.pages.admin.people.list_page import PeopleList, people_page
from ticket_app.ui.pages.admin.people.roles_table import RolesTable, roles_page
from ticket_app.ui.pages.admin.ratings import texts as rating_texts
from ticket_app.ui.pages.admin.ratings.state import RatingSettings
from ticket_app.ui.pages.admin.ratings.view import ratings_page
from ticket_app.ui.pages.admin.records import pages as record_pages
from ticket_app.ui.pages.admin.service_levels.list_page import ServiceLevels, service_levels_page
from ticket_app.ui.pages.admin.webhooks.deliveries_page import (
    WINDOW_TITLE,
    WebhookLog,
    webhook_page,
)
from ticket_app.ui.pages.admin.webhooks.edit_dialog import WebhookDialogs
from ticket_app.ui.pages.admin.webhooks.list_page import WebhookList, webhooks_page
from ticket_app.ui.pages.desk.sidebar import Sidebar
from ticket_app.ui.pages.inbox.unread_badge import UnreadBadge


def add_pages(app: PageRegistry) -> None:
    """Add the settings pages; the route with a parameter comes first."""
    layout_events = [Sidebar.load, UnreadBadge.load, MailTrouble.load]
    app.add_page(
        webhook_page,
        route=routes.ADMIN_WEBHOOK,
        title=w.window_title(WINDOW_TITLE),
        on_load=[CurrentUser.load_staff, WebhookDialogs.clear, WebhookLog.load, *layout_events],
    )
    app.add_page(
        webhooks_page,
        route=routes.ADMIN_WEBHOOKS,
        title=w.window_title(texts.PAGE_WEBHOOKS),
        on_load=[CurrentUser.load_staff, WebhookDialogs.clear, WebhookList.load, *layout_events],
    )
    app.add_page(
        approval_policies_page,
        route=routes.ADMIN_APPROVALS,
        title=w.window_title(texts.PAGE_APPROVALS),
        on_load=[CurrentUser.load_staff, ApprovalPolicies.load, *layout_events],
    )
    app.add_page(
        service_levels_page,
        route=routes.ADMIN_SERVICE_LEVELS,
        title=w.window_title(texts.PAGE_SERVICE_LEVELS),
        on_load=[
            CurrentUser.load_staff,
            ServiceLevels.load,
            *layout_events,
        ],
    )
    record_pages.add_pages(app, layout_events)
    mail_pages.add_pages(app, layout_events)
    automation_pages.add_pages(app, layout_events)
    app.add_page(
        background_jobs_page,
        route=routes.ADMIN_JOBS,
        title=w.window_title(texts.PAGE_JOBS),
        on_load=[CurrentUser.load_staff, BackgroundJobs.load, *layout_events],
    )
    app.add_page(
        audit_log_page,
        route=routes.ADMIN_AUDIT,
        title=w.window_title(audit_texts.TITLE),
        on_load=[CurrentUser.load_staff, AuditLog.load, *layout_events],
    )
    app.add_page(
        ratings_page,
        route=routes.ADMIN_RATINGS,
        title=w.window_title(rating_texts.TITLE),
        on_load=[CurrentUser.load_staff, RatingSettings.load, *layout_events],
    )
    app.add_page(
        roles_page,
        route=routes.ADMIN_ROLES,
        title=w.window_title(texts.PAGE_ROLES),
        on_load=[CurrentUser.load_staff, RolesTable.load, *layout_events],
    )
    app.add_page(
        people_page,
        route=routes.ADMIN_PEOPLE,
        title=w.window_title(texts.PAGE_PEOPLE),
        on_load=[CurrentUser.load_staff, PeopleList.load, *layout_events],
    )
    app.add_page(
        settings_redirect_placeholder,
        route=routes.ADMIN,
        title=w.window_title(texts.PAGE_SETTINGS),
        on_load=[CurrentUser.load_staff, SettingsHome.redirect_to_first_page],
    )

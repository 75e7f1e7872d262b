"""The settings: what administrators set up."""

from __future__ import annotations

from ticket_app.ui import routes
from ticket_app.ui import widgets as w
from ticket_app.ui.page_adding import Pages
from ticket_app.ui.pages.admin.approvals.listed import ApprovalPolicies, approval_policies_page
from ticket_app.ui.pages.admin.frame import Settings, leading_page
from ticket_app.ui.pages.admin.jobs.state import BackgroundJobs
from ticket_app.ui.pages.admin.jobs.view import background_jobs_page
from ticket_app.ui.pages.admin.people.listed import People, people_page
from ticket_app.ui.pages.admin.people.roles import Roles, roles_page
from ticket_app.ui.pages.admin.service_levels.listed import ServiceLevels, service_levels_page
from ticket_app.ui.pages.admin.webhooks.editing import WebhookDialogs
from ticket_app.ui.pages.admin.webhooks.listed import Webhooks, webhooks_page
from ticket_app.ui.pages.admin.webhooks.log import OPEN_WEBHOOK, WebhookLog, webhook_page
from ticket_app.ui.pages.desk.frame import Rail
from ticket_app.ui.pages.inbox.bell import Bell
from ticket_app.ui.session import Me


def add_pages(app: Pages) -> None:
    """Add the pages of the settings, the one with a webhook in its address first."""
    framed = [Rail.load, Bell.load]
    app.add_page(
        webhook_page,
        route=routes.ADMIN_WEBHOOK,
        title=w.window_title(OPEN_WEBHOOK),
        on_load=[Me.load_staff, WebhookDialogs.forget, WebhookLog.load, *framed],
    )
    app.add_page(
        webhooks_page,
        route=routes.ADMIN_WEBHOOKS,
        title=w.window_title("Webhooks"),
        on_load=[Me.load_staff, WebhookDialogs.forget, Webhooks.load, *framed],
    )
    app.add_page(
        approval_policies_page,
        route=routes.ADMIN_APPROVALS,
        title=w.window_title("Approval policies"),
        on_load=[Me.load_staff, ApprovalPolicies.load, *framed],
    )
    app.add_page(
        service_levels_page,
        route=routes.ADMIN_LEVELS,
        title=w.window_title("Service levels"),
        on_load=[
            Me.load_staff,
            ServiceLevels.load,
            *framed,
        ],
    )
    app.add_page(
        background_jobs_page,
        route=routes.ADMIN_JOBS,
        title=w.window_title("Background jobs"),
        on_load=[Me.load_staff, BackgroundJobs.load, *framed],
    )
    app.add_page(
        roles_page,
        route=routes.ADMIN_ROLES,
        title=w.window_title("Roles and permissions"),
        on_load=[Me.load_staff, Roles.load, *framed],
    )
    app.add_page(
        people_page,
        route=routes.ADMIN_PEOPLE,
        title=w.window_title("People"),
        on_load=[Me.load_staff, People.load, *framed],
    )
    app.add_page(
        leading_page,
        route=routes.ADMIN,
        title=w.window_title("Settings"),
        on_load=[Me.load_staff, Settings.lead],
    )

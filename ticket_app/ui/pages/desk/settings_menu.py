"""Which settings pages and reports a person may open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.ui import routes
from ticket_app.ui.pages.desk import texts


@dataclass(frozen=True)
class SettingsPage:
    """A settings page: its label, path and permission."""

    label: str
    path: str
    permission: str


SETTINGS_PAGES: Final = (
    SettingsPage(texts.SETTINGS_PEOPLE, routes.ADMIN_PEOPLE, "manage_people"),
    SettingsPage(texts.SETTINGS_TICKETS, routes.ADMIN_TEMPLATES, "set_up"),
    SettingsPage(texts.SETTINGS_AUTOMATION, routes.ADMIN_SAVED_REPLIES, "set_up"),
    SettingsPage(texts.SETTINGS_APPROVALS, routes.ADMIN_APPROVALS, "set_up"),
    SettingsPage(texts.SETTINGS_SERVICE_LEVELS, routes.ADMIN_SERVICE_LEVELS, "set_up"),
    SettingsPage(texts.SETTINGS_RATINGS, routes.ADMIN_RATINGS, "set_up"),
    SettingsPage(texts.SETTINGS_WEBHOOKS, routes.ADMIN_WEBHOOKS, "manage_webhooks"),
    SettingsPage(texts.SETTINGS_MAIL, routes.ADMIN_MAIL, "set_up"),
    SettingsPage(texts.SETTINGS_JOBS, routes.ADMIN_JOBS, "set_up"),
    SettingsPage(texts.SETTINGS_AUDIT, routes.ADMIN_AUDIT, "view_audit"),
)


def allowed_settings_pages(actor: Actor) -> list[SettingsPage]:
    """Return the settings pages that a person may open."""
    return [page for page in SETTINGS_PAGES if actor.can(page.permission)]


def allowed_settings_paths(uow: UnitOfWork) -> list[str]:
    """Return the paths of the settings pages that the actor may open."""
    return [page.path for page in allowed_settings_pages(uow.actor)]


def can_open_analytics(actor: Actor) -> bool:
    """Return whether a person may open the page with reports."""
    return actor.can("view_reports") or actor.can("view_statistics")

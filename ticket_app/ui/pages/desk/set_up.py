"""The settings pages there are, and who may open which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.ui import routes


@dataclass(frozen=True)
class SettingsPage:
    """A page of the settings: its tab's word, its address, and the permission it is for."""

    word: str
    path: str
    permission: str


SETTINGS: Final = (
    SettingsPage("People", routes.ADMIN_PEOPLE, "manage_people"),
    SettingsPage("Approvals", routes.ADMIN_APPROVALS, "set_up"),
    SettingsPage("Service levels", routes.ADMIN_LEVELS, "set_up"),
    SettingsPage("Webhooks", routes.ADMIN_WEBHOOKS, "manage_webhooks"),
    SettingsPage("Background jobs", routes.ADMIN_JOBS, "set_up"),
)


def settings_for(desk: Desk) -> list[str]:
    """The addresses of the settings pages that are for the actor, in the order of their tabs."""
    return [page.path for page in SETTINGS if desk.actor.may(page.permission)]

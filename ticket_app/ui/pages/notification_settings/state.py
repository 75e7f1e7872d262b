"""The state of the notification settings: each switch is saved as it is changed."""

from __future__ import annotations

from collections.abc import Mapping

import reflex as rx

from ticket_app.core.notifications import preferences as notification_preferences
from ticket_app.core.notifications.preferences import (
    DAILY_DIGEST,
    QUIET_HOURS,
    TEAM_TICKETS,
    TIME_ZONE,
)
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.notification_settings import texts
from ticket_app.ui.pages.notification_settings.rows import (
    KindRow,
    SettingsData,
    load_settings,
    settings_data,
)


def change_settings(uow: UnitOfWork, changes: Mapping[str, object]) -> SettingsData:
    """Change some of the actor's choices and return all of them. Raises `Invalid`."""
    return settings_data(uow, notification_preferences.update_own_preferences(uow, changes))


class NotificationSettings(rx.State):
    """What the signed-in person is notified of."""

    is_loaded: bool = False
    kinds: list[KindRow] = []
    team_tickets: bool = False
    daily_digest: bool = False
    has_quiet_hours: bool = False
    quiet_start: str = ""
    quiet_end: str = ""
    time_zone: str = ""
    quiet_error: str = ""

    @bridge.event
    async def load(self) -> None:
        """Load the choices."""
        self._show(await bridge.read(self, load_settings))
        self.quiet_error, self.is_loaded = "", True

    def _show(self, data: SettingsData) -> None:
        self.kinds, self.team_tickets, self.daily_digest = (
            data.kinds,
            data.team_tickets,
            data.daily_digest,
        )
        self.has_quiet_hours, self.time_zone = data.has_quiet_hours, data.time_zone
        self.quiet_start, self.quiet_end = data.quiet_start, data.quiet_end

    @bridge.event
    async def switch(self, kind: str, channel: str, is_on: bool) -> None:
        """Turn a channel of a kind on or off."""
        self._show(await bridge.write(self, change_settings, {kind: {channel: is_on}}))

    @bridge.event
    async def choose_team_tickets(self, is_on: bool) -> None:
        """Notify of the team's tickets, or not."""
        self._show(await bridge.write(self, change_settings, {TEAM_TICKETS: is_on}))

    @bridge.event
    async def choose_daily_digest(self, is_on: bool) -> None:
        """Send one email a day, or one for each ticket."""
        self._show(await bridge.write(self, change_settings, {DAILY_DIGEST: is_on}))

    @bridge.event
    async def choose_quiet_hours(self, is_on: bool) -> None:
        """Turn the quiet hours on, at the times that are shown, or off."""
        hours = {"start": self.quiet_start, "end": self.quiet_end} if is_on else None
        changes = {QUIET_HOURS: hours, **({TIME_ZONE: self.time_zone} if is_on else {})}
        self.quiet_error = ""
        self._show(await bridge.write(self, change_settings, changes))

    @bridge.submission
    async def save_quiet_hours(self, form: bridge.FormData) -> bridge.Events:
        """Change the times and the time zone of the quiet hours."""
        hours = {"start": str(form.get("start", "")), "end": str(form.get("end", ""))}
        changes = {QUIET_HOURS: hours, TIME_ZONE: str(form.get("time_zone", ""))}
        try:
            data = await bridge.write(self, change_settings, changes)
        except Invalid as error:
            self.quiet_error = texts.invalid_quiet_hours(error.reason)
            return None
        self._show(data)
        self.quiet_error = ""
        return w.toast(texts.SAVED, tone="green")

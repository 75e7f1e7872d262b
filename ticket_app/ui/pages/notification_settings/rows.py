"""The rows of the notification settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from functools import lru_cache
from zoneinfo import available_timezones

from ticket_app.core.notifications import preferences as notification_preferences
from ticket_app.core.notifications.kinds import Channel
from ticket_app.core.notifications.preferences import NotificationPreferences
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.ui.pages.notification_settings import texts

DEFAULT_QUIET_HOURS = ("22:00", "07:00")


@dataclass(frozen=True)
class KindRow:
    """A kind of notification, and which channels are on."""

    kind: str
    label: str
    description: str
    app: bool
    email: bool
    browser: bool


@dataclass(frozen=True)
class SettingsData:
    """The choices of a person, as the page shows them."""

    kinds: list[KindRow]
    team_tickets: bool
    daily_digest: bool
    has_quiet_hours: bool
    quiet_start: str
    quiet_end: str
    time_zone: str


def load_settings(uow: UnitOfWork) -> SettingsData:
    """Return the actor's choices."""
    return settings_data(uow, notification_preferences.get_own_preferences(uow))


def settings_data(uow: UnitOfWork, preferences: NotificationPreferences) -> SettingsData:
    """Return choices of the actor; their browser's time zone is proposed for the quiet hours."""
    is_staff = uow.actor.is_staff
    start, end = DEFAULT_QUIET_HOURS
    if preferences.quiet_hours is not None:
        start, end = (at.isoformat("minutes") for at in preferences.quiet_hours)
    has_quiet_hours = preferences.quiet_hours is not None
    own_texts = texts.KIND_TEXTS if is_staff else texts.KIND_TEXTS | texts.REQUESTER_KIND_TEXTS
    kinds = [
        KindRow(
            kind=kind.value,
            label=own_texts[kind][0],
            description=own_texts[kind][1],
            **{channel.value: preferences.is_on(kind, channel) for channel in Channel},
        )
        for kind in notification_preferences.kinds_for(is_staff=is_staff)
    ]
    return SettingsData(
        kinds=kinds,
        team_tickets=preferences.team_tickets,
        daily_digest=preferences.daily_digest,
        has_quiet_hours=has_quiet_hours,
        quiet_start=start,
        quiet_end=end,
        time_zone=str(preferences.time_zone if has_quiet_hours else uow.time_zone),
    )


@lru_cache(maxsize=1)
def time_zones() -> list[tuple[str, str]]:
    """Return the time zones to choose from: value and label."""
    names = [
        name for name in available_timezones() if name.partition("/")[0] in texts.TIME_ZONE_AREAS
    ]
    return [(name, name.replace("_", " ")) for name in (str(UTC), *sorted(names))]

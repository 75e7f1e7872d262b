"""What people want to be notified of, how, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ticket_app.core.notifications.kinds import (
    REQUESTER_KINDS,
    Channel,
    NotificationKind,
    is_on_by_default,
)
from ticket_app.core.platform.dates import default_time_zone
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.settings import settings
from ticket_app.tables import Person

STORED_NAME = "notification_preferences"
"""Their name among the preferences of a person; only what differs from the default is stored."""
DIGEST_TIME = time(8)
"""When a daily digest is sent, in the person's time zone."""
TEAM_TICKETS, DAILY_DIGEST = "team_tickets", "daily_digest"
QUIET_HOURS, TIME_ZONE = "quiet_hours", "time_zone"

Switches = Mapping[NotificationKind, Mapping[Channel, bool]]


@dataclass(frozen=True, slots=True)
class NotificationPreferences:
    """The choices of one person.

    `team_tickets` notifies them of new tickets of their team, and of replies to those that have no
    assignee. `quiet_hours` are a start and an end in `time_zone`: email waits for the end, and
    browsers are silent.
    """

    switches: Switches
    team_tickets: bool
    daily_digest: bool
    quiet_hours: tuple[time, time] | None
    time_zone: tzinfo

    def is_on(self, kind: NotificationKind, channel: Channel) -> bool:
        """Return whether a kind reaches the person by a channel."""
        return self.switches[kind][channel]

    def email_due_at(self, now: datetime) -> datetime:
        """Return when an email about something that happened now is sent.

        That is after `TICKET_MAIL_HOLD_SECONDS`, at the end of the quiet hours, or with the next
        digest.
        """
        due_at = now + timedelta(seconds=settings().mail_hold_seconds)
        local = due_at.astimezone(self.time_zone)
        if self.daily_digest:
            return _next_time(local, DIGEST_TIME)
        if self.quiet_hours is not None and self.is_quiet(due_at):
            return _next_time(local, self.quiet_hours[1])
        return due_at

    def is_quiet(self, now: datetime) -> bool:
        """Return whether it is within the quiet hours."""
        if self.quiet_hours is None:
            return False
        start, end = self.quiet_hours
        at = now.astimezone(self.time_zone).time()
        return start <= at < end if start <= end else at >= start or at < end


def _next_time(after: datetime, at: time) -> datetime:
    """Return the next moment with a time of day, in the zone of `after`, as UTC."""
    moment = datetime.combine(after.date(), at, after.tzinfo)
    if moment <= after:
        moment = datetime.combine(after.date() + timedelta(days=1), at, after.tzinfo)
    return moment.astimezone(UTC)


def read_preferences(
    preferences: Mapping[str, object], *, is_staff: bool
) -> NotificationPreferences:
    """Return the choices in the stored `preferences` of a person; what is unreadable is ignored."""
    stored = _as_mapping(preferences.get(STORED_NAME))
    return NotificationPreferences(
        switches={
            kind: {
                channel: _as_bool(
                    _as_mapping(stored.get(kind)).get(channel),
                    default=is_on_by_default(kind, channel, is_staff=is_staff),
                )
                for channel in Channel
            }
            for kind in NotificationKind
        },
        team_tickets=is_staff and _as_bool(stored.get(TEAM_TICKETS), default=False),
        daily_digest=_as_bool(stored.get(DAILY_DIGEST), default=False),
        quiet_hours=_as_quiet_hours(stored.get(QUIET_HOURS)),
        time_zone=_as_time_zone(stored.get(TIME_ZONE)),
    )


def _as_mapping(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


def _as_bool(value: object, *, default: bool) -> bool:
    return value if isinstance(value, bool) else default


def _as_time(value: object) -> time | None:
    try:
        return time.fromisoformat(value).replace(tzinfo=None) if isinstance(value, str) else None
    except ValueError:
        return None


def _as_quiet_hours(value: object) -> tuple[time, time] | None:
    hours = _as_mapping(value)
    start, end = _as_time(hours.get("start")), _as_time(hours.get("end"))
    return None if start is None or end is None or start == end else (start, end)


def _as_time_zone(value: object) -> tzinfo:
    try:
        return ZoneInfo(value) if isinstance(value, str) and value else default_time_zone()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return default_time_zone()


def get_own_preferences(uow: UnitOfWork) -> NotificationPreferences:
    """Return the actor's choices."""
    return read_preferences(_get_own_person(uow).preferences, is_staff=uow.actor.is_staff)


def kinds_for(*, is_staff: bool) -> tuple[NotificationKind, ...]:
    """Return the kinds that can reach a person, in the order in which they are shown."""
    return tuple(NotificationKind) if is_staff else REQUESTER_KINDS


def update_own_preferences(
    uow: UnitOfWork, changes: Mapping[str, object]
) -> NotificationPreferences:
    """Change some of the actor's choices and return all of them.

    `changes` has, by the name of a kind, a mapping from channels (`app`, `email`, `browser`) to
    booleans, and `team_tickets`, `daily_digest` (booleans), `quiet_hours` (`start` and `end` as
    HH:MM, or None) and `time_zone` (a name of the IANA database). What is not named stays.
    Raises `Invalid`.
    """
    person = _get_own_person(uow)
    is_staff = uow.actor.is_staff
    stored = dict(_as_mapping(person.preferences.get(STORED_NAME)))
    for name, value in changes.items():
        if name in (TEAM_TICKETS, DAILY_DIGEST):
            stored[name] = _require_bool(name, value)
        elif name == QUIET_HOURS:
            stored[name] = _validate_quiet_hours(value)
        elif name == TIME_ZONE:
            stored[name] = _validate_time_zone(value)
        else:
            kind = _parse_kind(name)
            switches = dict(_as_mapping(stored.get(kind)))
            switches |= _validate_switches(name, value)
            stored[kind.value] = {
                channel: is_on
                for channel, is_on in switches.items()
                if is_on is not is_on_by_default(kind, Channel(channel), is_staff=is_staff)
            }
    if stored.get(QUIET_HOURS) and not stored.get(TIME_ZONE):
        stored[TIME_ZONE] = str(uow.time_zone)
    person.preferences = {**person.preferences, STORED_NAME: stored}
    uow.flush()
    return read_preferences(person.preferences, is_staff=is_staff)


def _get_own_person(uow: UnitOfWork) -> Person:
    person = uow.session.get(Person, uow.actor.id)
    assert person is not None
    return person


def _parse_kind(name: str) -> NotificationKind:
    try:
        return NotificationKind(name)
    except ValueError:
        raise Invalid(name, "is not a kind of notification") from None


def _require_bool(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise Invalid(name, "must be true or false")
    return value


def _validate_switches(name: str, value: object) -> dict[str, bool]:
    if not isinstance(value, Mapping):
        raise Invalid(name, "must have true or false for app, email or browser")
    switches = cast("Mapping[str, object]", value)
    for channel, is_on in switches.items():
        if channel not in set(Channel):
            raise Invalid(name, f"has no channel {channel}; it has app, email and browser")
        _require_bool(f"{name}.{channel}", is_on)
    return cast("dict[str, bool]", dict(switches))


def _validate_quiet_hours(value: object) -> dict[str, str] | None:
    if value is None:
        return None
    hours = _as_mapping(value)
    start, end = _as_time(hours.get("start")), _as_time(hours.get("end"))
    if start is None or end is None or start == end:
        raise Invalid(QUIET_HOURS, "must have a start and an end as HH:MM, which differ")
    return {"start": start.isoformat("minutes"), "end": end.isoformat("minutes")}


def _validate_time_zone(value: object) -> str:
    try:
        return ZoneInfo(value).key if isinstance(value, str) and value else _reject_time_zone()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return _reject_time_zone()


def _reject_time_zone() -> str:
    raise Invalid(TIME_ZONE, "must be an IANA time zone, such as Europe/Berlin")

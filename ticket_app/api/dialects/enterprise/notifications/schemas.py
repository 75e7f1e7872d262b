"""The caller's preferences for notifications, and who follows a ticket."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, StrictBool, StrictStr, WithJsonSchema
from pydantic import Field as Bounded
from typing_extensions import TypedDict

from ticket_app.api.kit.fields import StrictBody
from ticket_app.core.notifications.followers import FollowerRow, FollowReason
from ticket_app.core.notifications.kinds import Channel, NotificationKind
from ticket_app.core.notifications.preferences import NotificationPreferences

TimeOfDay = Annotated[
    str, WithJsonSchema({"type": "string", "examples": ["22:00"], "pattern": r"^\d\d:\d\d$"})
]
FollowReasonValue = Annotated[
    str, Bounded(json_schema_extra={"enum": [str(word) for word in FollowReason]})
]


class NotificationChannels(TypedDict):
    """By which channels notifications of one kind reach the caller."""

    app: bool
    email: bool
    browser: bool


class QuietHours(TypedDict):
    """From when to when email waits, in the time zone of the preferences."""

    start: TimeOfDay
    end: TimeOfDay


class NotificationPreferencesData(TypedDict):
    """The caller's preferences: the channels of each kind, and when email is sent."""

    ticket_created: NotificationChannels
    reply: NotificationChannels
    requester_reply: NotificationChannels
    note: NotificationChannels
    status_changed: NotificationChannels
    assigned: NotificationChannels
    mention: NotificationChannels
    approval_requested: NotificationChannels
    approval_decided: NotificationChannels
    sla_warning: NotificationChannels
    sla_breach: NotificationChannels
    webhook_disabled: NotificationChannels
    snooze_ended: NotificationChannels
    team_tickets: bool
    daily_digest: bool
    quiet_hours: QuietHours | None
    time_zone: str


class ChannelsUpdate(StrictBody):
    """Channels to turn on or off; those that are not named stay."""

    app: StrictBool = False
    email: StrictBool = False
    browser: StrictBool = False


class QuietHoursUpdate(StrictBody):
    """Start and end as HH:MM; the end may be on the next day."""

    start: StrictStr
    end: StrictStr


UNCHANGED = ChannelsUpdate()


class PreferencesUpdate(StrictBody):
    """The preferences that change, or all of them; `quiet_hours: null` removes the quiet hours."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"reply": {"email": False}, "quiet_hours": {"start": "22:00", "end": "07:00"}}
            ]
        }
    )
    ticket_created: ChannelsUpdate = UNCHANGED
    reply: ChannelsUpdate = UNCHANGED
    requester_reply: ChannelsUpdate = UNCHANGED
    note: ChannelsUpdate = UNCHANGED
    status_changed: ChannelsUpdate = UNCHANGED
    assigned: ChannelsUpdate = UNCHANGED
    mention: ChannelsUpdate = UNCHANGED
    approval_requested: ChannelsUpdate = UNCHANGED
    approval_decided: ChannelsUpdate = UNCHANGED
    sla_warning: ChannelsUpdate = UNCHANGED
    sla_breach: ChannelsUpdate = UNCHANGED
    webhook_disabled: ChannelsUpdate = UNCHANGED
    snooze_ended: ChannelsUpdate = UNCHANGED
    team_tickets: StrictBool = False
    daily_digest: StrictBool = False
    quiet_hours: QuietHoursUpdate | None = None
    time_zone: StrictStr = Bounded("", description="A name of the IANA database")

    def to_changes(self) -> dict[str, object]:
        """Return what the body names."""
        return self.model_dump(exclude_unset=True)


class FollowState(TypedDict):
    """Whether the caller follows a ticket."""

    ticket_id: int
    is_following: bool


class TicketFollower(TypedDict):
    """A person who follows a ticket, and why."""

    id: int
    username: str
    first_name: str
    last_name: str
    email: str
    role: str
    reason: FollowReasonValue
    followed_at: datetime


def format_preferences(preferences: NotificationPreferences) -> dict[str, object]:
    """Format preferences as `NotificationPreferencesData`."""
    hours = preferences.quiet_hours
    return {
        **{
            kind.value: {channel.value: preferences.is_on(kind, channel) for channel in Channel}
            for kind in NotificationKind
        },
        "team_tickets": preferences.team_tickets,
        "daily_digest": preferences.daily_digest,
        "quiet_hours": hours
        and {"start": hours[0].isoformat("minutes"), "end": hours[1].isoformat("minutes")},
        "time_zone": str(preferences.time_zone),
    }


def format_follower(row: FollowerRow) -> TicketFollower:
    """Format a follower."""
    return {
        "id": row.person_id,
        "username": row.username,
        "first_name": row.first_name,
        "last_name": row.last_name,
        "email": row.email,
        "role": row.role,
        "reason": row.reason,
        "followed_at": row.created_at,
    }

"""Interface texts of the notification settings, ready for translation."""

from __future__ import annotations

from typing import Final

from ticket_app.core.notifications.kinds import Channel, NotificationKind

TITLE: Final = "Notification settings"
INTRODUCTION: Final = "Choose what you are notified of, and how."
SAVED: Final = "Settings saved."

KINDS: Final = "Notify me about"
CHANNELS: Final[dict[Channel, str]] = {
    Channel.APP: "In the app",
    Channel.EMAIL: "Email",
    Channel.BROWSER: "Browser",
}
KIND_TEXTS: Final[dict[NotificationKind, tuple[str, str]]] = {
    NotificationKind.TICKET_CREATED: (
        "New tickets",
        "A ticket is created in your team, or for you by another person.",
    ),
    NotificationKind.REPLY: (
        "Replies by staff",
        "An agent replies to a ticket that you submitted, follow or work on.",
    ),
    NotificationKind.REQUESTER_REPLY: (
        "Replies by requesters",
        "The requester replies to a ticket that is assigned to you or that you follow.",
    ),
    NotificationKind.NOTE: (
        "Internal notes",
        "A colleague adds a note to a ticket that is assigned to you or that you follow.",
    ),
    NotificationKind.STATUS_CHANGED: (
        "Status changes",
        "A ticket of yours is resolved, closed or reopened, or waits for a reply.",
    ),
    NotificationKind.ASSIGNED: ("Assignments", "A ticket is assigned to you, or taken from you."),
    NotificationKind.MENTION: ("Mentions", "A person mentions you in a reply or a note."),
    NotificationKind.APPROVAL_REQUESTED: ("Approval requests", "Your approval is needed."),
    NotificationKind.APPROVAL_DECIDED: (
        "Approval decisions",
        "An approval that you requested is decided.",
    ),
    NotificationKind.SLA_WARNING: ("SLA warnings", "A target of a ticket is about to be missed."),
    NotificationKind.SLA_BREACH: ("SLA breaches", "A target of a ticket was missed."),
    NotificationKind.WEBHOOK_DISABLED: (
        "Disabled webhooks",
        "A webhook of yours was switched off after failing too often.",
    ),
    NotificationKind.SNOOZE_ENDED: (
        "Snoozed tickets",
        "A ticket that you snoozed is back, because of its time or because there is new activity.",
    ),
}
REQUESTER_KIND_TEXTS: Final[dict[NotificationKind, tuple[str, str]]] = {
    NotificationKind.TICKET_CREATED: (
        "New tickets",
        "We have received your email, or a ticket was created for you.",
    ),
    NotificationKind.REPLY: ("Replies", "Our team replies to a ticket of yours."),
    NotificationKind.REQUESTER_REPLY: (
        "Replies by other people",
        "Another person replies to a ticket that you follow.",
    ),
    NotificationKind.STATUS_CHANGED: (
        "Status changes",
        "A ticket of yours is resolved, closed or reopened, or waits for your reply.",
    ),
}
"""The kinds that requesters know by other words."""

TEAM_TICKETS: Final = "Tickets of my team"
TEAM_TICKETS_HINT: Final = (
    "Also notify me of new tickets of my team, and of replies to those that no one is assigned to."
)

EMAIL: Final = "Email"
DAILY_DIGEST: Final = "Send email once a day"
DAILY_DIGEST_HINT: Final = "At 8:00, one email about all tickets with something you have not read."
QUIET_HOURS: Final = "Quiet hours"
QUIET_HOURS_HINT: Final = (
    "No email and no browser notifications between these times. Email is sent when they end."
)
QUIET_HOURS_ON: Final = "Use quiet hours"
QUIET_FROM: Final = "From"
QUIET_UNTIL: Final = "Until"
TIME_ZONE: Final = "Time zone"
SAVE: Final = "Save quiet hours"
TIME_ZONE_AREAS: Final = frozenset(
    {"Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
)
"""The first parts of the names of time zones that are offered."""

BROWSER: Final = "This browser"


def channel_of_kind(kind: str, channel: str) -> str:
    """Return the name of a switch."""
    return f"{kind}: {channel}"


def invalid_quiet_hours(reason: str) -> str:
    return f"The quiet hours {reason}."

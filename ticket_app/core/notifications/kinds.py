"""The kinds of notification, their channels, and which of these are on by default (MAIL.md)."""

from __future__ import annotations

from enum import StrEnum


class NotificationKind(StrEnum):
    """What a notification is about (MAIL.md, "Notifications"), and `snooze_ended`."""

    TICKET_CREATED = "ticket_created"
    REPLY = "reply"
    REQUESTER_REPLY = "requester_reply"
    NOTE = "note"
    STATUS_CHANGED = "status_changed"
    ASSIGNED = "assigned"
    MENTION = "mention"
    APPROVAL_REQUESTED = "approval_requested"
    APPROVAL_DECIDED = "approval_decided"
    SLA_WARNING = "sla_warning"
    SLA_BREACH = "sla_breach"
    WEBHOOK_DISABLED = "webhook_disabled"
    SNOOZE_ENDED = "snooze_ended"


class Channel(StrEnum):
    """How a person hears of it: in the app, by email, by a notification of their browser."""

    APP = "app"
    EMAIL = "email"
    BROWSER = "browser"


STAFF_EMAIL_KINDS = frozenset(
    {
        NotificationKind.ASSIGNED,
        NotificationKind.REQUESTER_REPLY,
        NotificationKind.MENTION,
        NotificationKind.APPROVAL_REQUESTED,
        NotificationKind.APPROVAL_DECIDED,
        NotificationKind.SLA_WARNING,
        NotificationKind.SLA_BREACH,
        NotificationKind.WEBHOOK_DISABLED,
    }
)
"""What staff hear of by email unless they choose otherwise; requesters hear of everything."""
REQUESTER_KINDS = (
    NotificationKind.TICKET_CREATED,
    NotificationKind.REPLY,
    NotificationKind.REQUESTER_REPLY,
    NotificationKind.STATUS_CHANGED,
    NotificationKind.MENTION,
    NotificationKind.APPROVAL_REQUESTED,
    NotificationKind.APPROVAL_DECIDED,
)
"""The kinds that can reach somebody who is not staff."""


def is_on_by_default(kind: NotificationKind, channel: Channel, *, is_staff: bool) -> bool:
    """Return whether a kind reaches people by a channel unless they choose otherwise."""
    if channel is Channel.APP:
        return True
    if channel is Channel.BROWSER:
        return False
    return not is_staff or kind in STAFF_EMAIL_KINDS

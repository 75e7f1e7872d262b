"""The texts of emails; administrators may replace subjects and introductions (MAIL.md).

Introductions are Markdown with the variables of `templates.VARIABLES`.
"""

from __future__ import annotations

from typing import Final

from ticket_app.core.notifications.kinds import NotificationKind

REPLY_MARKER: Final = "## Reply above this line ##"
"""What lies below it in an answer is history (MAIL.md, "Outgoing email")."""
INTERNAL_NOTE: Final = "Internal note"
TICKET_SUBJECT: Final = "[{{ ticket.key }}] {{ ticket.title }}"
OPEN_TICKET: Final = "Open ticket"
FOOTER_REASON: Final = "You receive this email because you take part in {key}."
FOOTER_UNFOLLOW: Final = "Stop email about this ticket"
FOOTER_PREFERENCES: Final = "Notification preferences"
FOOTER_SENT_BY: Final = "Sent by {name}."

INTRODUCTIONS: Final[dict[str, str]] = {
    NotificationKind.TICKET_CREATED: "{{ message }}. You can reply to this email to add to it.",
    NotificationKind.REPLY: "{{ message }}. Reply to this email to answer.",
    NotificationKind.REQUESTER_REPLY: "{{ message }}.",
    NotificationKind.NOTE: "{{ message }}.",
    NotificationKind.STATUS_CHANGED: "{{ message }}.",
    NotificationKind.ASSIGNED: "{{ message }}.",
    NotificationKind.MENTION: "{{ message }}.",
    NotificationKind.APPROVAL_REQUESTED: "{{ message }}.",
    NotificationKind.APPROVAL_DECIDED: "{{ message }}.",
    NotificationKind.SLA_WARNING: "{{ message }}.",
    NotificationKind.SLA_BREACH: "{{ message }}.",
    NotificationKind.WEBHOOK_DISABLED: "{{ message }}.",
}
"""What an email about a kind of notification begins with."""
SUBJECTS: Final[dict[str, str]] = {
    NotificationKind.WEBHOOK_DISABLED: "A webhook was deactivated",
}
"""Subjects of emails that are about no ticket; the others have `TICKET_SUBJECT`."""

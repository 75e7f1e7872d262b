"""The texts of emails; administrators may replace subjects and introductions (MAIL.md).

Introductions are Markdown with the variables of `templates.VARIABLES`.
"""

from __future__ import annotations

from typing import Final

from ticket_app.core.notifications.kinds import NotificationKind
from ticket_app.core.people.account_links import EMAIL_KINDS, LinkPurpose

REPLY_MARKER: Final = "## Reply above this line ##"
"""What lies below it in an answer is history (MAIL.md, "Outgoing email")."""
INTERNAL_NOTE: Final = "Internal note"
TICKET_SUBJECT: Final = "[{{ ticket.key }}] {{ ticket.title }}"
INVITATION: Final = EMAIL_KINDS[LinkPurpose.INVITATION]
PASSWORD_RESET: Final = EMAIL_KINDS[LinkPurpose.PASSWORD_RESET]
VERIFICATION: Final = EMAIL_KINDS[LinkPurpose.VERIFICATION]
RATING_REQUEST: Final = EMAIL_KINDS[LinkPurpose.RATING]
FORWARD: Final = "forward"
"""The kind of an email by which an agent shows messages of a ticket to somebody else."""
FORWARD_SUBJECT: Final = "Fwd: [{key}] {title}"
FORWARD_FOOTER: Final = "Reply to this email to answer {agent}."
DIGEST: Final = "digest"
"""The kind of the one email a day about everything that is unread."""
OPEN_TICKET: Final = "Open ticket"
FOOTER_REASON: Final = "You receive this email because you take part in {key}."
FOOTER_UNFOLLOW: Final = "Stop email about this ticket"
FOOTER_PREFERENCES: Final = "Notification preferences"
FOOTER_DIGEST: Final = "You receive one email a day."
FOOTER_SENT_BY: Final = "Sent by {name}."
TEST_SUBJECT: Final = "Test email from your help desk"
TEST_BODY: Final = (
    "This is a test. If you can read it, email from {sender} reaches you. Look at how it arrived: "
    "the sender, the date and the folder it is in."
)
TEST_BUTTON: Final = "Open the email log"
PREVIEW_MESSAGES: Final = (
    (
        "Sam Okafor",
        "Thank you for the photo. Please turn the lamp off, wait a minute and turn it on again. "
        "Does it still flicker?",
    ),
    ("Uma Perera", "The lamp in the hall flickers since noon. A photo is attached."),
)
"""Authors and messages of the conversation in previews of templates, newest first."""

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
    NotificationKind.SNOOZE_ENDED: "{{ message }}.",
    DIGEST: "This is what you have not read yet, the newest first.",
    INVITATION: (
        "{{ actor.name }} has invited you to {{ help_desk }}. Choose your name and a password to "
        "sign in. The link works for 7 days."
    ),
    PASSWORD_RESET: (
        "Choose a new password with this link. It works once, within an hour.\n\n"
        "If you did not ask for it, ignore this email: your password stays as it is."
    ),
    VERIFICATION: (
        "Confirm that this email address is yours. Email that you send from it is then part of "
        "your tickets. The link works for 7 days.\n\n"
        "If you did not ask for it, ignore this email: nothing will change."
    ),
    RATING_REQUEST: (
        "Your request “{{ ticket.title }}” is resolved. How satisfied are you with our help? "
        "Your answer takes a moment.\n\n"
        "Is it not solved? Reply to this email, and we will look at it again."
    ),
}
"""What an email about a kind of notification begins with."""
SUBJECTS: Final[dict[str, str]] = {
    NotificationKind.WEBHOOK_DISABLED: "A webhook was deactivated",
    DIGEST: "{{ message }}",
    INVITATION: "{{ actor.name }} has invited you to {{ help_desk }}",
    PASSWORD_RESET: "Choose a new password",
    VERIFICATION: "Confirm your email address",
    RATING_REQUEST: "[{{ ticket.key }}] How was our help?",
}
"""Subjects of emails that have another one than `TICKET_SUBJECT`."""
BUTTONS: Final[dict[str, str]] = {
    INVITATION: "Accept the invitation",
    PASSWORD_RESET: "Choose a new password",
    VERIFICATION: "Confirm the address",
    RATING_REQUEST: "Rate our help",
}
"""What the button of an email about an account says."""
OTHER_NEWS: Final = "Other notifications"
MORE_TICKETS: Final = "and {count} more"


def digest_message(tickets: int, notifications: int) -> str:
    """Return what a digest says it has: tickets, or notifications where none is about a ticket."""
    if tickets:
        return (
            "1 ticket has new activity" if tickets == 1 else f"{tickets} tickets have new activity"
        )
    plural = "" if notifications == 1 else "s"
    return f"{notifications} notification{plural} arrived"

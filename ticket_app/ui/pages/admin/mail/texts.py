"""Interface texts of the email pages, ready for translation."""

from __future__ import annotations

from typing import Final

TITLE: Final = "Email"
TABS: Final = "Email settings"
OUTGOING: Final = "Outgoing"
PARKED: Final = "Parked"
MAILBOXES: Final = "Mailboxes"
TEMPLATES: Final = "Templates"
ADDRESSES: Final = "Addresses"

LOG_TITLE: Final = "Email log"
PARKED_TITLE: Final = "Parked email"
TEMPLATES_TITLE: Final = "Email templates"
ADDRESSES_TITLE: Final = "Email addresses"
TROUBLE_TITLE: Final = "Email cannot be sent"
SENDERS_UNCHECKED: Final = "Senders of incoming email are not checked"
SENDERS_UNCHECKED_HINT: Final = (
    "Set TICKET_MAIL_AUTHSERV_ID, so that forged email in the name of your agents or customers is "
    "parked. How: docs/operations/email.md, “Who it is from”."
)
TROUBLE_LINK: Final = "Open the email log"

SEND_TEST: Final = "Send test email"
TEST_HINT: Final = "It appears in this log."
ALL: Final = "All"
STATE_LABELS: Final = {
    "waiting": "Waiting",
    "sent": "Sent",
    "failed": "Failed",
    "dropped": "Dropped",
}
SEARCH: Final = "Search by address"
KIND: Final = "Kind"
ANY_KIND: Final = "Any kind"
TICKET: Final = "Ticket"
TICKET_EXAMPLE: Final = "Ticket number"
SINCE: Final = "From"
UNTIL: Final = "To"
CLEAR: Final = "Clear filters"
OLDER: Final = "Older emails"
NEWEST: Final = "Newest emails"
EMPTY_TITLE: Final = "No email yet"
EMPTY_HINT: Final = "Emails about replies, assignments and accounts appear here for 90 days."
NO_MATCH_TITLE: Final = "No emails match these filters"
NO_MATCH_HINT: Final = "Change or clear the filters."
KIND_LABELS: Final = {
    "ticket_created": "Ticket created",
    "reply": "Reply",
    "requester_reply": "Reply by the requester",
    "note": "Internal note",
    "status_changed": "Status changed",
    "assigned": "Assigned",
    "mention": "Mention",
    "approval_requested": "Approval requested",
    "approval_decided": "Approval decided",
    "sla_warning": "Service level warning",
    "sla_breach": "Service level missed",
    "webhook_disabled": "Webhook deactivated",
    "snooze_ended": "Snooze ended",
    "digest": "Daily digest",
    "invitation": "Invitation",
    "password_reset": "Password reset",
    "verification": "Verification of an address",
    "rating_request": "Rating request",
    "rejected_files": "Rejected files",
    "forward": "Forwarded message",
    "test": "Test email",
}

TO: Final = "To"
FORMATTED: Final = "Formatted"
PLAIN_TEXT: Final = "Plain text"
HEADERS: Final = "Headers"
ATTEMPTS: Final = "Attempts"
LIGHT: Final = "Light"
DARK: Final = "Dark"
PREVIEW: Final = "Preview of the email"
CLOSE: Final = "Close"
RESEND: Final = "Send again"
RETRY: Final = "Send now"
DROP: Final = "Do not send"
RESENT: Final = "A copy of the email is on its way"
RETRIED: Final = "The email is sent now"
DROPPED: Final = "The email is not sent"

PARKED_LEAD: Final = (
    "These messages were not added to a ticket automatically. Decide what becomes of each."
)
PARKED_EMPTY_TITLE: Final = "No parked email"
PARKED_EMPTY_HINT: Final = "Messages that need a decision appear here with the reason."
NO_SUBJECT: Final = "(no subject)"
NO_SENDER: Final = "Unknown sender"
CREATE_TICKET: Final = "Create ticket"
ADD_TO_TICKET: Final = "Add to ticket"
DISCARD: Final = "Discard"
BLOCK_SENDER: Final = "Block sender"
BLOCK_DOMAIN: Final = "Block domain"
MORE: Final = "More actions"
SOURCE: Final = "Source"
MESSAGE: Final = "Message"
DISCARDED: Final = "The email was discarded"
BLOCKED: Final = "The sender is blocked, and the email was discarded"
UNREADABLE: Final = "The message cannot be read. Its source is below."
SOURCE_CUT: Final = "Only the beginning of the source is shown."

MAILBOX: Final = "mailbox"
ADD_MAILBOX: Final = "Add mailbox"
MAILBOXES_LEAD: Final = (
    "Each mailbox has its own address and team. Email to TICKET_MAIL_FROM needs no mailbox here."
)
MAILBOXES_EMPTY_TITLE: Final = "No mailboxes"
MAILBOXES_EMPTY_HINT: Final = "Add an address that receives email for a team."
MAILBOX_HINT: Final = "Replies from this mailbox's tickets have its signature."
NAME: Final = "Name"
ADDRESS: Final = "Address"
IMAP_URL: Final = "IMAP URL"
IMAP_HINT: Final = (
    "imaps://user:password@host/INBOX. The password is encrypted and never shown again."
)
IMAP_KEEP: Final = "Leave empty to keep the present one"
IMAP_REMOVE: Final = "Do not read this mailbox by IMAP"
TEAM: Final = "Team"
NO_TEAM: Final = "No team"
SIGNATURE: Final = "Signature"
TEST_CONNECTION: Final = "Test connection"
CONNECTION_WORKS: Final = "The mailbox can be read"
SAVE: Final = "Save"
NOT_READ: Final = "Not read by IMAP"
NEVER_CHECKED: Final = "Not checked yet"
CHECKED: Final = "Checked "
DELETE_MAILBOX: Final = "Delete mailbox"
DELETE_MAILBOX_HINT: Final = "Email to this address is no longer received."

TEMPLATES_LEAD: Final = (
    "The subject and the first sentences of each email. The conversation, the button and the "
    "footer follow by themselves."
)
EDITED: Final = "Edited"
SUBJECT: Final = "Subject"
INTRODUCTION: Final = "Introduction"
INTRODUCTION_HINT: Final = "Markdown"
VARIABLES: Final = "Variables"
RESET: Final = "Reset to default"
TEMPLATE_SAVED: Final = "The template was saved"
TEMPLATE_RESET: Final = "The default template is used again"

UNDELIVERABLE: Final = "Undeliverable addresses"
UNDELIVERABLE_LEAD: Final = (
    "Mail servers refused these addresses for good. Nothing is sent to them until they write to "
    "you or you clear them."
)
UNDELIVERABLE_EMPTY: Final = "Every address receives its email."
CLEAR_ADDRESS: Final = "Clear"
BLOCKED_SENDERS: Final = "Blocked senders"
BLOCKED_LEAD: Final = "Email from these addresses and domains is not accepted."
BLOCKED_EMPTY: Final = "No one is blocked."
PATTERN: Final = "Address or domain"
PATTERN_EXAMPLE: Final = "spam@example.com or example.com"
BLOCK: Final = "Block"
REMOVE: Final = "Remove"


def test_sent(address: str) -> str:
    return f"A test email to {address} is on its way"


def attempts(number: int) -> str:
    return "1 attempt" if number == 1 else f"{number} attempts"


def open_email(subject: object) -> str:
    return f"Open the email “{subject}”"


def ticket_created(key: str) -> str:
    return f"{key} was created"


def added_to(key: str) -> str:
    return f"The email was added to {key}"


def cleared(address: str) -> str:
    return f"{address} receives email again"


def blocked(pattern: str) -> str:
    return f"{pattern} is blocked"


def unblocked(pattern: str) -> str:
    return f"{pattern} is no longer blocked"


def clear_address(address: object) -> str:
    return f"Clear {address}"


def remove_blocked(pattern: object) -> str:
    return f"Remove {pattern}"


def mailbox_saved(name: str) -> str:
    return f"The mailbox {name} was saved"


def mailbox_deleted(name: str) -> str:
    return f"The mailbox {name} was deleted"


def connection_failed(reason: str) -> str:
    return f"The mailbox cannot be read: {reason}"


def delete_title(name: object) -> str:
    return f"Delete the mailbox {name}?"


def waiting_hint(problem: object) -> str:
    return f"The mail server {problem}. Emails wait and are tried again every minute."

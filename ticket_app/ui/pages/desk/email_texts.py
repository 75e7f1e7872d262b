"""Interface texts of email on the page of a ticket, ready for translation."""

from __future__ import annotations

from typing import Final

EMAIL: Final = "Email"
TO: Final = "To"
CC: Final = "Cc"
RECIPIENTS: Final = "Recipients of a reply"
NO_RECIPIENTS: Final = "No email recipients"
EXTERNAL: Final = "External"
EXTERNAL_TOOLTIP: Final = "Outside the help desk and the requester's company"
OBSTACLES: Final[dict[str, str]] = {
    "undeliverable": "Undeliverable",
    "unsubscribed": "Unsubscribed",
    "email_off": "Email off",
}
OBSTACLE_TOOLTIPS: Final[dict[str, str]] = {
    "undeliverable": "A mail server refused this address, so no email is sent to it",
    "unsubscribed": "They unsubscribed from email about this ticket",
    "email_off": "They have turned off email about replies",
}
ADD_CC: Final = "Add Cc"
ADD: Final = "Add"
SEARCH_CC: Final = "Name or email address"
NO_CC_MATCHES: Final = "No matches. Enter an email address to add it."
ADDED: Final = "Added to Cc"
REMOVED: Final = "Removed from Cc"
REMOVE: Final = "Remove from Cc"
FORWARD: Final = "Forward"
FORWARD_MESSAGE: Final = "Forward message"
FORWARD_CONVERSATION: Final = "Forward conversation"
FORWARD_HINT: Final = (
    "Internal notes are never forwarded. The answer comes back as an internal note."
)
FORWARD_TO: Final = "Email address"
FORWARD_TEXT: Final = "Message"
FORWARD_FIELDS: Final = {"address": "This address", "text": "The message"}
FORWARD_FILES: Final = "Include files, as links that work for 7 days"
FORWARDED: Final = "Forwarded"
SHOW_ORIGINAL: Final = "Show original"
ORIGINAL_HINT: Final = "The email as it arrived. Only staff can see it."
HEADERS: Final = "Headers"
SOURCE: Final = "Source"
SOURCE_CUT: Final = "The source is longer. Download it to see the rest."
DOWNLOAD: Final = "Download .eml"
CLOSE: Final = "Close"
CANCEL: Final = "Cancel"
RETRY: Final = "Retry"
RETRYING: Final = "The email is being sent again."

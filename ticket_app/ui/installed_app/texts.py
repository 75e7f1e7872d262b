"""Interface texts of the installed app, ready for translation."""

from __future__ import annotations

from typing import Final

DESCRIPTION: Final = "Submit tickets, follow them and answer them."
SHORTCUT_NEW_TICKET: Final = "New ticket"
SHORTCUT_INBOX: Final = "Inbox"
SHORTCUT_MY_TICKETS: Final = "My tickets"

OFFLINE_TITLE: Final = "You are offline"
OFFLINE_HINT: Final = "This page opens as soon as there is a connection."
UNREACHABLE_TITLE: Final = "The help desk cannot be reached"
UNREACHABLE_HINT: Final = "This page opens as soon as the help desk responds."
UNSENT_TEXT: Final = (
    "What you have written and not sent is saved on this device. It is there when the page opens."
)
TRY_AGAIN: Final = "Try again"
TRYING: Final = "Trying"

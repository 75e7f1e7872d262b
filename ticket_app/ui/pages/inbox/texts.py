"""Interface texts of the inbox, ready for translation."""

from __future__ import annotations

from typing import Final

# inbox/view
INBOX_MARK_READ: Final = "Mark as read"
INBOX_MARK_ALL_READ: Final = "Mark all as read"
INBOX_SHOW_MORE: Final = "Show more"
INBOX_EMPTY_TITLE: Final = "No notifications"
INBOX_EMPTY_HINT: Final = "Mentions, replies and approval requests appear here."

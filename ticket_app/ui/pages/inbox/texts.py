"""Interface texts of the inbox, ready for translation."""

from __future__ import annotations

from typing import Final

# inbox/view
INBOX_MARK_READ: Final = "Mark as read"
INBOX_MARK_ALL_READ: Final = "Mark all as read"
INBOX_SHOW_MORE: Final = "Show more"
INBOX_EMPTY_TITLE: Final = "No notifications"
INBOX_EMPTY_HINT: Final = "Replies, mentions, assignments and approval requests appear here."
INBOX_PREFERENCES: Final = "Notification settings"

# inbox/unread_messages
NEW_MESSAGES_TOOLTIP: Final = "Go to the first new message"

# inbox/following
FOLLOW: Final = "Follow"
FOLLOW_TOOLTIP: Final = "Be notified of replies and status changes"
UNFOLLOW: Final = "Unfollow"
UNFOLLOW_TOOLTIP: Final = "Stop following this ticket"
FOLLOWERS: Final = "Followers"
FOLLOWERS_NONE: Final = "No one follows this ticket yet."
FOLLOWING_ON: Final = "You follow this ticket."
FOLLOWING_OFF: Final = "You no longer follow this ticket."
FOLLOWING_PARTICIPANT: Final = "Took part"
FOLLOWING_CC: Final = "In Cc"


def new_messages(number: int) -> str:
    return f"{number} new"


def more_notifications(number: int) -> str:
    """Return how many older notifications about the same ticket there are."""
    return f"{number} more"

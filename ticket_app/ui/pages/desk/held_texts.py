"""Interface texts of undo send and of scheduled replies, ready for translation."""

from __future__ import annotations

from typing import Final

REPLY_SENT: Final = "Reply sent."
SCHEDULED: Final = "Reply scheduled."
SCHEDULED_FOR: Final = "Scheduled for "
NOT_SENT: Final = "Not sent"
UNDO: Final = "Undo"
EDIT: Final = "Edit"
CANCEL: Final = "Cancel"
CHANGE_TIME: Final = "Change time"
SEND_NOW: Final = "Send now"
SAVE_TIME: Final = "Save time"
KEEP_TIME: Final = "Keep time"
SEND_AT: Final = "Send at"
CANCELLED_IF_REPLIED: Final = "Cancelled if the requester replies first."
BACK_IN_COMPOSER: Final = "The reply was not sent. Its text is in the composer."
TIME_SAVED: Final = "The reply will be sent at the new time."
INVALID_TIME: Final = "Choose a date and time in the future, at most a year ahead."
SETS_STATUS_WHEN_SENT: Final = "Sets the status when sent:"
KEEP_STATUS: Final = "Keep the status"


def sets_status(status: str) -> str:
    """The status that sending sets."""
    return f"Sets the status to {status}."

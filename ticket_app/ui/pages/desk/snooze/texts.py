"""The texts of the dialog that snoozes tickets."""

from __future__ import annotations

from typing import Final

SNOOZE: Final = "Snooze"
TITLE: Final = "Snooze "
EXPLANATION: Final = (
    "The ticket leaves your lists and comes back at that time, or when there is new activity. "
    "Your colleagues still see it."
)
UNTIL: Final = "Until"
PLACEHOLDER: Final = "tomorrow 9, monday, in 3 hours, 5 dec 14:30"
SUGGESTIONS: Final = "Suggestions"
SNOOZED_UNTIL: Final = "Snoozed until "
END: Final = "End snooze"
CANCEL: Final = "Cancel"
SHOW_HIDDEN: Final = "Show them"
ENTER_A_TIME: Final = "Enter when the ticket should come back."
THIS_TIME: Final = "This time"
"""The beginning of a sentence about a time that cannot be used."""


def snoozed(subject: str) -> str:
    """Return the message after tickets were snoozed."""
    return f"{subject} snoozed"


def snooze_ended(number: str) -> str:
    """Return the message after the snooze of a ticket was ended by hand."""
    return f"{number} is no longer snoozed"


def hidden(count: int) -> str:
    """Return how many snoozed tickets a list hides."""
    return f"{count:,} snoozed {'ticket is' if count == 1 else 'tickets are'} hidden. "

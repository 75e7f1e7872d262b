"""The interface texts of the settings of rating requests."""

from __future__ import annotations

from typing import Final

TITLE: Final = "Ratings"
LEAD: Final = (
    "Ask requesters by email how satisfied they are after their ticket was resolved, once for each "
    "ticket. They rate from 1 to 5 and can add a comment. Reports show the average."
)
ACTIVE: Final = "Ask for a rating"
DELAY: Final = "Hours after the resolution"
DELAY_HINT: Final = "From 0 to 720. Tickets that are reopened before are not asked about."
DELAY_INVALID: Final = "Enter a number of hours from 0 to 720."
SAVE: Final = "Save"
SAVED: Final = "Settings saved"

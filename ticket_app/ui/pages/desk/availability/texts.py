"""The texts of the dialog with one's availability."""

from __future__ import annotations

from datetime import tzinfo
from typing import Final

from ticket_app.core.people.absences import Availability
from ticket_app.core.platform.vocabulary import AgentState

AVAILABILITY: Final = "Availability"
EXPLANATION: Final = (
    "Routing rules assign no tickets to you while you are away or offline. Colleagues see it where "
    "they choose an assignee."
)
NOW: Final = "Now"
STATES: Final[dict[AgentState, str]] = {
    AgentState.ACTIVE: "Active",
    AgentState.AWAY: "Away",
    AgentState.OFFLINE: "Offline",
}
SHOWN_UNTIL: Final = "Until "
UNTIL: Final = "Until (optional)"
UNTIL_PLACEHOLDER: Final = "14:00, tomorrow 9, monday"
SET: Final = "Save"
PLANNED: Final = "Planned absences"
NONE_PLANNED: Final = "No absences are planned."
FROM: Final = "From"
TO: Final = "To"
FROM_PLACEHOLDER: Final = "21 dec"
TO_PLACEHOLDER: Final = "4 jan"
PLAN: Final = "Add"
REMOVE: Final = "Remove"
CLOSE: Final = "Close"
ENTER_BOTH: Final = "Enter when the absence starts and when it ends."
FIELDS: Final = {
    "from": "The start",
    "starts_at": "The start",
    "to": "The end",
    "until": "The end",
    "ends_at": "The end",
}
"""The beginnings of the sentences about times that cannot be used."""
SAVED: Final = "Availability saved"


def describe_absence(absence: Availability, zone: tzinfo) -> str:
    """Return how a person is shown who is away: "Away until 1 Dec, 09:00" or "Away"."""
    state = STATES[absence.state]
    if absence.until is None:
        return state
    until = absence.until.astimezone(zone)
    return f"{state} until {until.day} {until:%b, %H:%M}"

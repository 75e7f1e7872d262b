"""Interpretations that several dialects share (used in each dialect's `INTERPRETATIONS`)."""

from __future__ import annotations

from typing import Final

MARKDOWN_BY_FORMAT_FIELD: Final = (
    "Texts are plain text and shown exactly as written, unless the body says "
    '`format: "markdown"`. An edit keeps the format.'
)
STATUS_ON_CREATION: Final = (
    "`status` may be sent when creating a ticket, under the rules of a change. Users who may not "
    "change a status may send only the one that a new ticket is shown with; any other is rejected "
    "with 403."
)
MISSPELT_NAMES: Final = (
    "An unknown field or query parameter whose name is close to a known one (`stauts`, `stat`) is "
    "rejected with 400. Other unknown ones are ignored."
)
DATES: Final = (
    "Dates are ISO 8601, extended or basic (20261201). Numbers and other digits are rejected with "
    "400, and so are years before 1900: .NET sends the year 1 as an empty date."
)
DUE_DATES: Final = (
    "A date and time without a time zone is in UTC. A `due_date` without a time is the end of that "
    "day in the default time zone (`TICKET_TIMEZONE`, UTC unless set)."
)
TICKET_NUMBERS: Final = (
    "A ticket can be named by its id or by any of its printed numbers, in paths, bodies and "
    "filters."
)
UNCHANGED_VALUE: Final = "Sending the current value of a field changes nothing."
UNCHANGED_VALUE_EXCEPT_OPEN: Final = (
    f"{UNCHANGED_VALUE} The exception is `open`, which opens a new ticket: other documents "
    "distinguish the two."
)
ERROR_FORMAT: Final = (
    'Wrong input is answered with 400 and `{"field": ["..."]}`, any other error with '
    '`{"detail": "..."}`. A ticket that belongs to someone else is answered exactly like one that '
    "does not exist (404)."
)


def replies_to_closed_tickets(field_names: str) -> str:
    """Return how comments on closed tickets are handled.

    `field_names` says which response fields name the follow-up ticket.
    """
    return (
        "A public comment by its requester reopens a ticket that was resolved or closed at most 14 "
        "days ago (`TICKET_REOPEN_DAYS`), whatever their role. A later one is added to a new "
        f"ticket linked to the old one, named by {field_names}. Duplicates and tickets that will "
        "not be fixed keep the comment and stay closed. Merged tickets take no comments."
    )


FOLLOW_UP_FIELDS: Final = "the answer's `ticket` and `follow_up`, with a `message`"

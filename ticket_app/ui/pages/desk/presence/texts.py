"""Interface texts of presence and collisions, ready for translation."""

from __future__ import annotations

from typing import Final

from ticket_app.core.conversation.presence import Activity

_ACTIVITIES: Final = {
    Activity.AWAY: "has this open",
    Activity.VIEWING: "is viewing",
    Activity.EDITING: "is editing",
    Activity.NOTE: "is writing an internal note",
    Activity.REPLY: "is writing a reply",
}
PRESENT: Final = "People on this ticket"
NEWER_BEING_SENT: Final = "Being sent"
NEWER_REPLIED: Final = "replied"
NEWER_SEND: Final = "Send anyway"
NEWER_RESOLVE: Final = "Resolve anyway"
NEWER_EDIT: Final = "Keep editing"
NEWER_BACK: Final = "Go back"
NEWER_HINT_SEND: Final = "Your reply is not sent yet. Read this first:"
NEWER_HINT_RESOLVE: Final = "The ticket is not resolved yet. Read this first:"
YOU_REPLIED: Final = "You replied"


def activity(name: str, what: Activity) -> str:
    """Return "Ana is writing a reply"."""
    return f"{name} {_ACTIVITIES[what]}"


def more_people(number: int) -> str:
    """Return "and 2 more"."""
    return f"and {number} more"


def assigned_to_you(key: str) -> str:
    """Return the message that the first keystroke assigned a ticket."""
    return f"{key} assigned to you"


def taken_by(key: str, name: str) -> str:
    """Return the message to who began to reply a moment later than a colleague."""
    return f"{name} has taken {key}"


def replied(name: str) -> str:
    """Return "Uma replied" for the author of a ticket's last comment; the row has little room."""
    return f"{name.split(maxsplit=1)[0] if name.split() else name} replied"

"""The texts of saved views."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ticket_app.ui.pages.desk import texts as desk_texts

SAVE_VIEW: Final = "Save view"
SAVE_AS_NEW: Final = "Save as new view"
SAVE_CHANGES: Final = "Save changes"
RESET: Final = "Reset"
RENAME: Final = "Rename and share…"
DUPLICATE: Final = "Duplicate"
DELETE: Final = "Delete view"
PIN: Final = "Pin to the sidebar"
UNPIN: Final = "Remove from the sidebar"
MAKE_DEFAULT: Final = "Set as default"
NO_DEFAULT: Final = "Remove as default"
MENU: Final = "Actions of this view"
PINNED: Final = "Pinned views"
NAME: Final = "Name"
ICON: Final = "Icon"
SCOPE: Final = "Who can use it"
HINT: Final = "The filters, the search and the order of this list, under a name."
SCOPE_LABELS: Final = {"me": "Only me", "team": "My team", "everyone": "Everyone"}
ICON_LABELS: Final = {
    "list": "List",
    "star": "Star",
    "inbox": "Inbox",
    "bug": "Bug",
    "flame": "Flame",
    "clock": "Clock",
    "users": "People",
    "building": "Building",
    "tag": "Tag",
    "zap": "Lightning",
    "shield": "Shield",
    "heart": "Heart",
}
MISSING_HEADING: Final = "No such view"
MISSING_TITLE: Final = "This view does not exist"
MISSING_TEXT: Final = "It was deleted, or is not shared with you."
EMPTY_TITLE: Final = "No tickets in this view"
EMPTY_TEXT: Final = "Tickets that match its filters appear here."
CANNOT_COMBINE: Final = "The conditions of this view cannot be combined with further filters."
FIELD_LABELS: Final = {
    "group": "Status",
    "kind": desk_texts.DESK_KIND,
    "requester": desk_texts.DESK_REQUESTER,
    "created": desk_texts.QUEUE_CREATED,
    "updated": desk_texts.QUEUE_LAST_UPDATED,
    "due": desk_texts.DESK_DUE,
    "resolved": "Resolved",
    "first_reply": "First reply",
    "last_reply": "Last reply",
    "sla": desk_texts.QUEUE_SLA,
    "last_replier": "Last reply by",
    "unread": "Unread",
}
OPERATOR_LABELS: Final = {
    "is": "is",
    "is_not": "is not",
    "any_of": "is any of",
    "none_of": "is none of",
    "in_last": "in the last",
    "older_than": "older than",
    "within_next": "in the next",
    "before": "before",
    "after": "after",
}
WORD_LABELS: Final = {
    "me": "me",
    "none": "none",
    "open": "open",
    "waiting": "waiting",
    "done": "done",
    "overdue": "overdue",
    "breached": "breached",
    "met": "met",
    "response_breached": "first reply late",
    "response_met": "first reply in time",
    "paused": "paused",
    "running": "running",
    "requester": "the requester",
    "staff": "staff",
    "yes": "yes",
}
UNIT_LABELS: Final = {"h": ("hour", "hours"), "d": ("day", "days"), "w": ("week", "weeks")}


def describe_duration(text: str) -> str:
    """Return a duration such as `7d` in words."""
    number, units = text[:-1], UNIT_LABELS.get(text[-1:])
    if units is None or not number.isdecimal():
        return text
    return f"{number} {units[int(number) != 1]}"


def describe_condition(label: str, operator: str, values: Sequence[str]) -> str:
    """Return a condition as a sentence: "Status is not Closed"."""
    return f"{label} {OPERATOR_LABELS.get(operator, operator)} {', '.join(values)}"


def describe_group(sentences: Sequence[str], *, is_any: bool) -> str:
    """Return the conditions of a group as a sentence."""
    return ("Any of: " if is_any else "All of: ") + "; ".join(sentences)


def missing_row(row_id: str) -> str:
    """Return what stands for a row that was deleted."""
    return f"deleted (ID {row_id})"


def search(text: str) -> str:
    """Return the label of the search that a view holds."""
    return f"Search: {text}"


def new_title(name: str) -> str:
    """Return the title of the dialog for a new view of a list."""
    return f"Save “{name}” as a view"


def edit_title(name: str) -> str:
    """Return the title of the dialog of a view."""
    return f"Edit “{name}”"


def copy_name(name: str) -> str:
    """Return the name of a copy."""
    return f"{name[:70]} (copy)"


def left_out(labels: Sequence[str]) -> str:
    """Return which filters a view cannot hold."""
    return f"These filters can't be saved in a view: {', '.join(labels)}."


def saved(name: str) -> str:
    """Return the message after saving."""
    return f"“{name}” saved"


def deleted(name: str) -> str:
    """Return the message after deleting."""
    return f"“{name}” deleted"


def restored(name: str) -> str:
    """Return the message after an undo."""
    return f"“{name}” is back"


def opens_first(name: str) -> str:
    """Return the message after making a view the default."""
    return f"The queue opens with “{name}”"


OPENS_STANDARD: Final = "The queue opens with all open tickets"

"""Texts of the pages of saved replies and macros."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from ticket_app.core.automation.variables import VARIABLES, format_variable

SAVED_REPLIES: Final = "Saved replies"
MACROS: Final = "Macros"
MY_SAVED_REPLIES: Final = "My saved replies"
MY_MACROS: Final = "My macros"
TABS: Final = "Saved replies and macros"

SAVED_REPLY: Final = "Saved reply"
SAVED_REPLY_HINT: Final = (
    "A text for replies and notes. Agents insert it by typing / in the composer."
)
SAVED_REPLY_SEARCH: Final = "Search saved replies"
SAVED_REPLY_EMPTY: Final = "No saved replies yet"
SAVED_REPLY_EMPTY_HINT: Final = "Save the answers that are given often, once for everyone."
MY_SAVED_REPLY_EMPTY_HINT: Final = "Save the answers that you give often."
SAVED_REPLY_DELETE_HINT: Final = "Messages that were sent with it stay as they are."
FIELD_TITLE: Final = "Title"
FIELD_CONTENT: Final = "Text"
FIELD_SHORTCUT_WORD: Final = "Shortcut"
SHORTCUT_WORD_HINT: Final = "One word. It finds the reply after / in the composer."
CONTENT_HINT: Final = (
    f"Markdown. These are filled in from the ticket: {', '.join(map(format_variable, VARIABLES))}."
)
FIELD_SCOPE: Final = "Who can use it"
FIELD_TEAM: Final = "Team"
TEAM_HINT: Final = "The team that uses it, if it is for a team."
NO_TEAM: Final = "Your own team"
SCOPES: Final[dict[str, str]] = {"me": "Only me", "team": "A team", "everyone": "Everyone"}
MY_SCOPES: Final[dict[str, str]] = {"me": "Only me", "team": "My team"}

MACRO: Final = "Macro"
MACRO_HINT: Final = (
    "Makes several changes to a ticket at once. Fields you leave empty don't change."
)
MACRO_SEARCH: Final = "Search macros"
MACRO_EMPTY: Final = "No macros yet"
MACRO_EMPTY_HINT: Final = "Create a macro to make several changes at once."
MACRO_DELETE_HINT: Final = "Tickets it was applied to stay as they are."
NOT_CHANGED: Final = "Do not change"
SET_STATUS: Final = "Set status"
SET_PRIORITY: Final = "Set priority"
SET_KIND: Final = "Set kind"
SET_CATEGORY: Final = "Set category"
ASSIGN: Final = "Assign to"
ASSIGN_ME: Final = "The person who applies it"
ASSIGN_NO_ONE: Final = "No one"
ASSIGN_PERSON: Final = "The person chosen below"
ASSIGNEE: Final = "Assignee"
NO_ASSIGNEE: Final = "No one chosen"
SET_TEAM: Final = "Set team"
ADD_TAGS: Final = "Add tags"
REMOVE_TAGS: Final = "Remove tags"
TAGS_HINT: Final = "Separated by commas."
DUE_DAYS: Final = "Due in days"
REPLY: Final = "Reply to the requester"
NOTE: Final = "Internal note"
FOLLOW: Final = "Follow the ticket"
FIELD_KEY: Final = "Shortcut key"
KEY_HINT: Final = "A letter or a digit. On a ticket, press m and then this key."
NO_ACTION: Final = "Choose at least one change."


def used(count: int, last: datetime | None) -> str:
    """Return how often something was used."""
    if not count or last is None:
        return "not used yet"
    times = "once" if count == 1 else f"{count:,} times"
    return f"used {times}, last on {last:%d %b %Y}"


def scope(name: str, team: str | None) -> str:
    """Return who can use something."""
    return f"Team {team}" if name == "team" and team else SCOPES[name]

"""Interface texts of both forms of a new ticket, ready for translation."""

from __future__ import annotations

from typing import Final

# ticket_form/view
TICKET_FORM_DRAFT: Final = "Your draft"
TICKET_FORM_DRAFT_FROM: Final = "You have a draft from "
TICKET_FORM_DRAFT_FILES: Final = "Attached files: "
TICKET_FORM_CONTINUE: Final = "Continue"
TICKET_FORM_DISCARD: Final = "Discard"

# ticket_form/state
TICKET_FORM_UNTITLED: Final = "Untitled"
TICKET_FORM_EMPTY_PREVIEW: Final = "<p>Nothing to preview.</p>"

# The fields that the registry adds
NOT_CHOSEN: Final = "Not chosen"
CATEGORY_HINT: Final = "Leave this empty to set the category from the type."
HOURS_HINT: Final = "In hours, such as 1.5."

# ticket_form/view, templates
TICKET_FORM_TEMPLATE: Final = "Template"
TICKET_FORM_TEMPLATE_CHOOSE: Final = "No template"
TICKET_FORM_TEMPLATE_HINT: Final = (
    "Fills in the form for a common issue. What you have written stays."
)


def template_label(name: str, summary: str) -> str:
    return f"{name} – {summary}" if summary else name

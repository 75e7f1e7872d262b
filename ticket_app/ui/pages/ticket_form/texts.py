"""Interface texts of both forms of a new ticket, ready for translation."""

from __future__ import annotations

from typing import Final

# ticket_form/view
TICKET_FORM_DRAFT: Final = "Your draft"
TICKET_FORM_DRAFT_FROM: Final = "You have a draft from "
TICKET_FORM_DRAFT_FILES: Final = " attached files"
TICKET_FORM_CONTINUE: Final = "Continue"
TICKET_FORM_DISCARD: Final = "Discard"

# ticket_form/state
TICKET_FORM_UNTITLED: Final = "Untitled"
TICKET_FORM_EMPTY_PREVIEW: Final = "<p>Nothing to preview.</p>"

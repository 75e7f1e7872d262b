"""Centcom/Lyceum: tickets that Centcom's users file and follow (specs/centcom.md).

Base `/api/tickets` without a trailing slash, and `/api/admin/setup-ticket-management`; ids are
UUIDs; success is `{"success": true, ...}` with 200, a refusal `{"success": false, "error": ...}`.
"""

from ticket_app.api.dialects.centcom.routes import router
from ticket_app.api.kit import interpretations

INTERPRETATIONS = (
    "The list holds the caller's own tickets, for staff too.",
    "Details carry every optional field, not only those of the example.",
    "A file's `filename` is the name it is kept under; in the details, where the example shows the "
    "sender's, it is the sender's.",
    "10 MB is 10 x 1024 x 1024 bytes; a larger file is refused with 400.",
    "A `.log` or `.md` file is text; content that belies its type is refused.",
    "An infected file is refused with 400 and kept for nobody; one that the scanner could not "
    "judge yet is `pending` and cannot be fetched.",
    "An empty `application_section` means `other`: the guide's own form sends one.",
    "An unknown filter word is a validation error; a `limit` above 100 means 100.",
    "A ticket that waits for an approval is shown as `in_progress`.",
    "Changes between two states said with one word are left out of `status_history`.",
    "`author_type` is `admin` for whoever works tickets, unless they comment on their own.",
    "`is_public` is kept and told; it lets nobody in who may not see the ticket.",
    "Too many submissions are refused with 429, which the guide's table does not list.",
    "If the database or the file store is unavailable or full, the answer is 503 with "
    "`Retry-After`. The guide lists only 500 for errors of the server.",
    interpretations.replies_to_closed_tickets("the answer's `ticket`"),
    "The guide asks for formatted text: descriptions and comments are Markdown, unless the body "
    'says `format: "plain"`. Paths, expressions and names such as `__main__` stay as written.',
    interpretations.MISSPELT_NAMES,
    "A ticket can be named by its id or by any of its printed numbers.",
)
"""Where the document leaves a choice, the one taken."""

__all__ = ["INTERPRETATIONS", "router"]

"""Centcom/Lyceum: tickets that Centcom's users submit and track (specs/centcom.md).

The base is `/api/tickets` without a trailing slash, and `/api/admin/setup-ticket-management`; ids
are UUIDs; success is `{"success": true, ...}` with 200, an error is `{"success": false, "error":
...}`.
"""

from ticket_app.api.dialects.centcom.routes import router
from ticket_app.api.kit import interpretations

INTERPRETATIONS = (
    "The list contains the caller's own tickets, for staff too.",
    "Details contain every optional field, not only those of the example.",
    "A file's `filename` is its stored name; in the details it is the uploaded name, as in the "
    "example.",
    "10 MB is 10 x 1024 x 1024 bytes; a larger file is rejected with 400.",
    "`.log` and `.md` files are accepted as text; files whose content does not match their type "
    "are rejected.",
    "An infected file is rejected with 400 and deleted; a file that is not scanned yet is "
    "`pending` and cannot be downloaded.",
    "An empty `application_section` means `other`: the guide's own form sends one.",
    "An unknown filter word is a validation error; a `limit` above 100 means 100.",
    "For lists in clients, which the guide wants sortable and searchable, `GET /api/tickets` also "
    "takes `priority`, `search`, `created_after`, `created_before` and `ordering` (`created_at`, "
    "`updated_at`, `priority`, `status`, with `-` for descending).",
    "`GET /api/tickets/summary` counts the caller's tickets by status, and says how many more they "
    "may submit.",
    "A ticket that waits for an approval is shown as `in_progress`.",
    "Changes between two statuses that the guide shows with the same word are left out of "
    "`status_history`.",
    "`author_type` is `admin` for everyone who works on tickets, unless they comment on their own.",
    "`is_public` is stored and returned; it does not give access to people who may not see the "
    "ticket.",
    "Too many submissions are rejected with 429, which the guide's table does not list.",
    "If the database or the file store is unavailable or full, the answer is 503 with "
    "`Retry-After`. The guide lists only 500 for errors of the server.",
    interpretations.replies_to_closed_tickets("the answer's `ticket`"),
    "The guide asks for formatted text: descriptions and comments are Markdown, unless the body "
    'says `format: "plain"`. Paths, expressions and names such as `__main__` stay as written.',
    interpretations.MISSPELT_NAMES,
    "A ticket can be named by its id or by any of its printed numbers.",
)
"""How this API handles what the document leaves open."""

__all__ = ["INTERPRETATIONS", "router"]

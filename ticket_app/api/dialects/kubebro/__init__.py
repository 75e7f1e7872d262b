"""KubeBro: support tickets of users, handled by admins (specs/kubebro.md).

The base is `/api/tickets/`; every path ends with a slash; ids are integers; lists are `{"count",
"next", "previous", "results"}`; creating returns 201; errors are `{"detail": "..."}`, validation
errors `{"field": ["..."]}`.
"""

from ticket_app.api.dialects.kubebro.errors import ERROR_RENDERER
from ticket_app.api.dialects.kubebro.routes import router
from ticket_app.api.kit import interpretations

INTERPRETATIONS = (
    "Agents and above are the document's admins.",
    "`my_tickets` are the tickets that the caller created; `assigned_to_me` and `stats` are for "
    "admins (403).",
    "Lists take `status`, `priority`, `category`, `search` and `ordering` (`created_at`, "
    "`updated_at`, `priority`, `status`, each also with `-`), and either `limit` and `offset` or "
    "`page` and `page_size`; 20 rows by default, 100 at most.",
    "An unknown filter word or ordering is rejected with 400.",
    "`category` and `priority` are optional; the defaults are `support` and `medium`.",
    'Admins assign with `PATCH {"assigned_to": id}`; null unassigns.',
    "A user may change title, description, category and priority of their own ticket until it is "
    "done; changing status, assignee or feedback is rejected with 403.",
    "A user who sends `is_internal: true` gets 403.",
    "Both endpoints that add a comment return 201 with the comment.",
    "`comments_count` counts the comments that the caller may read; `latest_comment` is the "
    "beginning of the newest public one.",
    "`user` and `assigned_to` are ids, with the names in separate fields.",
    "Statistics count all tickets: a total, and every word of status, priority and category.",
    "A ticket's comments are a list like the others, oldest first.",
    interpretations.UNCHANGED_VALUE_EXCEPT_OPEN,
    interpretations.replies_to_closed_tickets(interpretations.FOLLOW_UP_FIELDS),
    interpretations.MARKDOWN_BY_FORMAT_FIELD,
    interpretations.STATUS_ON_CREATION,
    interpretations.MISSPELT_NAMES,
    interpretations.DATES,
    interpretations.TICKET_NUMBERS,
    interpretations.ERROR_FORMAT,
)
"""How this API handles what the document leaves open."""

__all__ = ["ERROR_RENDERER", "INTERPRETATIONS", "router"]

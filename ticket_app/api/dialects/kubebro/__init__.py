"""KubeBro: support tickets of users, worked on by admins (specs/kubebro.md).

Base `/api/tickets/` with a trailing slash on every path; ids are integers; lists are
`{"count", "next", "previous", "results"}`; creating answers 201; a refusal is
`{"detail": "..."}`, wrong input `{"field": ["..."]}`.
"""

from ticket_app.api.dialects.kubebro.errors import ERROR_RENDERER
from ticket_app.api.dialects.kubebro.routes import router
from ticket_app.api.kit import interpretations

INTERPRETATIONS = (
    "Agents and above are the document's admins.",
    "`my_tickets` are those the caller filed; `assigned_to_me` and `stats` are for admins (403).",
    "Lists take `status`, `priority`, `category`, `search` and `ordering` (`created_at`, "
    "`updated_at`, `priority`, `status`, each also with `-`), and either `limit` and `offset` or "
    "`page` and `page_size`; 20 rows unless asked otherwise, 100 at most.",
    "An unknown filter word or ordering is refused with 400.",
    "`category` and `priority` may be left out: `support` and `medium`.",
    'Admins assign with `PATCH {"assigned_to": id}`, null takes it back.',
    "A user may change title, description, category and priority of a ticket of theirs that is "
    "not done; status, assignee and feedback are refused with 403.",
    "A user who writes `is_internal: true` is refused with 403.",
    "Both ways to add a comment answer 201 with the comment.",
    "`comments_count` counts what the caller may read; `latest_comment` is the beginning of the "
    "newest one everybody may read.",
    "`user` and `assigned_to` are ids, with the names beside them.",
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
"""Where the document leaves a choice, the one taken."""

__all__ = ["ERROR_RENDERER", "INTERPRETATIONS", "router"]

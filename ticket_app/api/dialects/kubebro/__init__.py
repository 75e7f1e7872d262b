"""KubeBro: support tickets of users, worked on by admins (specs/kubebro.md).

Base `/api/tickets/` with a trailing slash on every path; ids are integers; lists are
`{"count", "next", "previous", "results"}`; creating answers 201; a refusal is
`{"detail": "..."}`, wrong input `{"field": ["..."]}`.
"""

from ticket_app.api.dialects.kubebro.errors import VOICE
from ticket_app.api.dialects.kubebro.routes import router

READINGS = (
    "Agents and above are the document's admins.",
    "`my_tickets` are those the caller filed; `assigned_to_me` is for admins.",
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
    "A word that is sent as the ticket already reads changes nothing; only a new ticket is opened "
    "by `open`, since other documents tell the two apart.",
    "A public comment by who filed it reopens a resolved or closed ticket for 14 days "
    "(`TICKET_REOPEN_DAYS`) after it was finished, whatever their role. Later it goes to a "
    "new ticket linked to the old one, which the answer's `ticket` and `follow_up`, with a "
    "`message` name. Tickets that are duplicates, or will not be fixed, keep the comment and "
    "stay closed; merged ones refuse it.",
    'Texts are plain and shown exactly as written, unless `format: "markdown"` stands beside them; '
    "an edit keeps the format.",
    "`status` may be sent when filing, under the rules of a change: who may not change a status "
    "may send only the one the ticket gets anyway (403 else).",
    "A field or query parameter that is unknown but nearly the name of a known one (`stauts`, "
    "`stat`) is wrong input; other unknown ones are passed over.",
    "Dates are ISO 8601, extended or basic (20261201); numbers and other digits are refused, and "
    "so are years before 1900: the year 1 is an empty date of .NET.",
    "A ticket is named by its id or by any number printed for it, in paths, bodies and filters.",
)
"""Where the document leaves a choice, the one taken."""

__all__ = ["READINGS", "VOICE", "router"]

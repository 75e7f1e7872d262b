"""BMAsia: support tickets of companies, worked on by teams (specs/bmasia.md).

Base `/api/v1/`; ids are UUIDs, numbers read `T-20251119-0001`; lists are
`{"count", "next", "previous", "results"}` with `limit` and `offset`; creating answers 201, deleting
204; a refusal is `{"detail": "..."}`, wrong input `{"field": ["..."]}`.
"""

from ticket_app.api.dialects.bmasia.errors import VOICE
from ticket_app.api.dialects.bmasia.routes import router

READINGS = (
    "`my_tickets` means assigned to the caller; `open` leaves out what is resolved or closed.",
    "`unassigned` in the statistics counts those that are not done, as "
    "`?unassigned=true&open=true` does; statistics count what the caller may see.",
    "The first response is the first public comment by staff on somebody else's ticket.",
    "`comments_count` counts what the caller may read; `internal_notes_count` is 0 for customers.",
    "`assigned_team` is the team's name; it comes with the assignee and can be set. The five teams "
    "of the document are always there, the desk may have others.",
    "Lists show tickets without `comments` and `attachments`; every other answer has them.",
    "`ordering` takes created_at, updated_at, priority, status, due_date and ticket_number, one at "
    "a time, each also with `-`; anything else is refused with 400.",
    "A filter that names a company or user who is not there finds nothing.",
    "Customers see their own tickets, their own company and themselves; naming another company is "
    "wrong input. Status, assignee, team, company, contact, due date: only staff changes them.",
    "A comment is changed and deleted by who wrote it, or by staff. Tickets and attachments are "
    "deleted by staff.",
    "`author_role` is the author's team, or what they are to the desk.",
    "A date and time without a time zone is in UTC. A `due_date` without a time is the end of that "
    "day in the desk's time zone (`TICKET_TIMEZONE`, UTC unless set).",
    "A word that is sent as the ticket already reads changes nothing.",
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

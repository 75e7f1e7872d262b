"""Ticketing: tickets of customers, with hours, due dates and history (specs/ticketing.md).

Base `/api/ticketing/`; ids are integers, numbers read `TKT-000001`; lists are
`{"count", "next", "previous", "results"}` with `page` and `page_size`, or `limit` and `offset`;
creating answers 201, deleting 204; a refusal is `{"detail": "..."}`, wrong input
`{"field": ["..."]}`.
"""

from ticket_app.api.dialects.ticketing.errors import VOICE
from ticket_app.api.dialects.ticketing.routes import router

READINGS = (
    "A customer is a company of this desk, with its integer id: every ticket of a company's people "
    "belongs to it, and the same company is named by the other documents; a contact would be known "
    "of few tickets only. `customer` may be left out.",
    "The categories the document leaves open are all of this desk's.",
    "PUT takes the documented partial body, as PATCH does.",
    "Users see their own tickets; they may not assign, change status, hours, due date or customer, "
    "nor delete (403). Naming another company than one's own is wrong input.",
    "`my_tickets` means assigned to the caller, in the filter, the list and the statistics; "
    "`unassigned` counts finished tickets, too; each list takes the filters of the ticket list.",
    "Statistics count what the caller may see and include `reopened`; the average is null before "
    "anything was resolved.",
    "`created_after` and `created_before` include the day they name, in the desk's time zone "
    "(`TICKET_TIMEZONE`, UTC unless set).",
    "Lists show tickets without details, comments, attachments and history.",
    "History is newest first, one row a changed field; changes of fields the document does not "
    "have, and between two states said with one word, are left out. Names stand for people and "
    "customers. Its actions are created, status_changed, priority_changed, assigned, updated, "
    "comment_added, attachment_added, attachment_removed, deleted and restored.",
    "Deleted tickets lie in the trash; admins list the newest 100 under `tickets/trash/` and bring "
    "them back with `POST tickets/{id}/restore/`, or destroy them for good with "
    "`DELETE tickets/trash/{id}/`.",
    "A date and time without a time zone is in UTC. A `due_date` without a time is the end of that "
    "day in the desk's time zone. Tags are read back with a comma and a space between.",
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

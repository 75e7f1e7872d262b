"""BMAsia: support tickets of companies, worked on by teams (specs/bmasia.md).

Base `/api/v1/`; ids are UUIDs, numbers read `T-20251119-0001`; lists are
`{"count", "next", "previous", "results"}` with `limit` and `offset`; creating answers 201, deleting
204; a refusal is `{"detail": "..."}`, wrong input `{"field": ["..."]}`.
"""

from ticket_app.api.dialects.bmasia.errors import ERROR_RENDERER
from ticket_app.api.dialects.bmasia.routes import router
from ticket_app.api.kit import interpretations

INTERPRETATIONS = (
    "`my_tickets` means assigned to the caller; `open` leaves out what is resolved or closed.",
    "`unassigned` in the statistics counts those that are not done, as "
    "`?unassigned=true&open=true` does; statistics count what the caller may see.",
    "The first response is the first public comment by staff on somebody else's ticket.",
    "`comments_count` counts what the caller may read; `internal_notes_count` is 0 for customers.",
    "`assigned_team` is the team's name; it comes with the assignee and can be set. The five teams "
    "of the document are always there, the desk may have others; null takes the team away.",
    "Lists show tickets without `comments` and `attachments`; every other answer has them.",
    "`ordering` takes created_at, updated_at, priority, status, due_date and ticket_number, one at "
    "a time, each also with `-`; priority and status go by rank. Anything else is "
    "refused with 400.",
    "A filter that names a company or user who is not there finds nothing.",
    "Customers see their own tickets, their own company and themselves; naming another company is "
    "wrong input. They change what they wrote, and priority and category of a ticket that is not "
    "done. Status, assignee, team, company, contact, due date: only staff changes them (403).",
    "A comment is changed and deleted by who wrote it, or by staff. Tickets and attachments are "
    "deleted by staff.",
    "`author_role` is the author's team, or what they are to the desk.",
    interpretations.DUE_DATES,
    interpretations.UNCHANGED_VALUE,
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

"""BMAsia: support tickets of companies, handled by teams (specs/bmasia.md), one folder per chapter.

The base is `/api/v1/`; ids are UUIDs, ticket numbers look like `T-20251119-0001`; lists are
`{"count", "next", "previous", "results"}` with `limit` and `offset`; creating returns 201, deleting
204; errors are `{"detail": "..."}`, validation errors `{"field": ["..."]}`.
"""

from ticket_app.api.dialects.bmasia.attachments import routes as attachment_routes
from ticket_app.api.dialects.bmasia.comments import routes as comment_routes
from ticket_app.api.dialects.bmasia.directory import routes as directory_routes
from ticket_app.api.dialects.bmasia.errors import ERROR_RENDERER
from ticket_app.api.dialects.bmasia.tickets import routes as ticket_routes
from ticket_app.api.kit import interpretations
from ticket_app.api.kit.route import DialectRouter

router = DialectRouter()
for section in (
    ticket_routes,
    comment_routes,
    attachment_routes,
    directory_routes,
):
    router.routes.extend(section.router.routes)

INTERPRETATIONS = (
    "`my_tickets` means assigned to the caller; `open` leaves out resolved and closed tickets.",
    "`unassigned` in the statistics counts tickets that are not done, like "
    "`?unassigned=true&open=true`; statistics count the tickets that the caller may see.",
    "The first response is the first public comment by staff on another person's ticket.",
    "`comments_count` counts the comments that the caller may read; `internal_notes_count` is 0 "
    "for customers.",
    "`assigned_team` is the team's name; it comes from the assignee and can be changed. The "
    "document's five teams always exist, others can be added; null removes the team.",
    "Lists show tickets without `comments` and `attachments`; every other response includes them.",
    "`ordering` takes one of created_at, updated_at, priority, status, due_date and "
    "ticket_number, each also with `-`; priority and status are sorted by rank. Anything else is "
    "rejected with 400.",
    "A filter for a company or user that does not exist matches nothing.",
    "Customers see their own tickets, their own company and themselves; naming another company "
    "is a validation error. They may change their own texts, and priority and category of a "
    "ticket that is not done. Only staff may change status, assignee, team, company, contact and "
    "due date (403).",
    "A comment can be changed and deleted by its author and by staff. Tickets and attachments "
    "can be deleted by staff.",
    "`author_role` is the author's team, or else their role.",
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
"""How this API handles what the document leaves open."""

__all__ = ["ERROR_RENDERER", "INTERPRETATIONS", "router"]

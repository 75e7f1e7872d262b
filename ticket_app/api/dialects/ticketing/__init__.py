"""Tickets of customers, with hours, due dates and history (specs/ticketing.md), by chapter.

The base is `/api/ticketing/`; ids are integers, ticket numbers look like `TKT-000001`; lists are
`{"count", "next", "previous", "results"}` with `page` and `page_size`, or `limit` and `offset`;
creating returns 201, deleting 204; errors are `{"detail": "..."}`, validation errors `{"field":
["..."]}`.
"""

from ticket_app.api.dialects.ticketing.attachments import routes as attachment_routes
from ticket_app.api.dialects.ticketing.comments import routes as comment_routes
from ticket_app.api.dialects.ticketing.directory import routes as directory_routes
from ticket_app.api.dialects.ticketing.errors import ERROR_RENDERER
from ticket_app.api.dialects.ticketing.history import routes as history_routes
from ticket_app.api.dialects.ticketing.tickets import actions as ticket_actions
from ticket_app.api.dialects.ticketing.tickets import routes as ticket_routes
from ticket_app.api.kit import interpretations
from ticket_app.api.kit.route import DialectRouter

router = DialectRouter()
for section in (
    ticket_routes,
    ticket_actions,
    comment_routes,
    attachment_routes,
    history_routes,
    directory_routes,
):
    router.routes.extend(section.router.routes)

INTERPRETATIONS = (
    "A customer is a company with its integer id. Every ticket of a company's people belongs to "
    "it, and the other documents show the same company. `customer` is optional.",
    "The document lists its categories as examples; the complete list is technical, billing, "
    "zone_config, account, product, feature_request, bug, support, general, other.",
    "PUT takes the documented partial body, as PATCH does.",
    "Users see their own tickets; they may not assign, delete, or change status, hours, due date "
    "or customer (403). Naming a company other than their own is a validation error.",
    "`actual_hours` is the total. Time that agents log in the web app is added to it, and changing "
    "or deleting an entry of the log moves it by the difference. Setting it here sets the total; "
    "what is not in the log is kept beside it.",
    "`my_tickets` means assigned to the caller, in the filter, the list and the statistics; "
    "`unassigned` also counts finished tickets; each list takes the filters of the ticket list.",
    "Statistics count the tickets that the caller may see and include `reopened`; the average is "
    "null until a ticket is resolved.",
    "`created_after` and `created_before` include the day they name, in the default time zone "
    "(`TICKET_TIMEZONE`, UTC unless set).",
    "Lists show tickets without details, comments, attachments and history.",
    "History is newest first, with one row per changed field. Changes of fields that the "
    "document does not have, and between two statuses with the same word, are left out. People "
    "and customers are shown by name. Its actions are created, status_changed, priority_changed, "
    "assigned, updated, comment_added, attachment_added, attachment_removed, deleted and "
    "restored.",
    "Deleted tickets are in the trash; admins list the newest 100 with `GET tickets/trash/`, "
    "restore them with `POST tickets/{id}/restore/`, and delete them permanently with `DELETE "
    "tickets/trash/{id}/`.",
    interpretations.DUE_DATES,
    "Tags are returned separated by a comma and a space.",
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

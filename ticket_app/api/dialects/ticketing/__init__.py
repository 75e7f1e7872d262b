"""Ticketing: tickets of customers, with hours, due dates and history (specs/ticketing.md).

Base `/api/ticketing/`; ids are integers, numbers read `TKT-000001`; lists are
`{"count", "next", "previous", "results"}` with `page` and `page_size`, or `limit` and `offset`;
creating answers 201, deleting 204; a refusal is `{"detail": "..."}`, wrong input
`{"field": ["..."]}`.
"""

from ticket_app.api.dialects.ticketing.errors import ERROR_RENDERER
from ticket_app.api.dialects.ticketing.routes import router
from ticket_app.api.kit import interpretations

INTERPRETATIONS = (
    "A customer is a company of this desk, with its integer id: every ticket of a company's people "
    "belongs to it, and the same company is named by the other documents; a contact would be known "
    "of few tickets only. `customer` may be left out.",
    "The categories the document leaves open are all of this desk's: technical, billing, "
    "zone_config, account, product, feature_request, bug, support, general, other.",
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
    interpretations.DUE_DATES,
    "Tags are read back with a comma and a space between.",
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

"""The Enterprise Ticket Management System (specs/enterprise.md), one module a chapter.

Base is the root; ids are integers; success is `{"success": true, "data": ..., ...}`, a refusal
`{"success": false, "error": {code, message, details, timestamp}, "request_id": ...}`.
"""

from ticket_app.api.dialects.enterprise.administration import departments as department_routes
from ticket_app.api.dialects.enterprise.administration import roles as role_routes
from ticket_app.api.dialects.enterprise.administration import service_levels as service_level_routes
from ticket_app.api.dialects.enterprise.administration import users as user_routes
from ticket_app.api.dialects.enterprise.approvals import routes as approval_routes
from ticket_app.api.dialects.enterprise.attachments import routes as attachment_routes
from ticket_app.api.dialects.enterprise.auth import routes as auth_routes
from ticket_app.api.dialects.enterprise.comments import routes as comment_routes
from ticket_app.api.dialects.enterprise.notifications import routes as notification_routes
from ticket_app.api.dialects.enterprise.reports import routes as report_routes
from ticket_app.api.dialects.enterprise.routing import ERROR_RENDERER
from ticket_app.api.dialects.enterprise.tickets import merging as merge_routes
from ticket_app.api.dialects.enterprise.tickets import routes as ticket_routes
from ticket_app.api.dialects.enterprise.tickets import search as search_routes
from ticket_app.api.dialects.enterprise.webhooks import routes as webhook_routes
from ticket_app.api.kit import interpretations
from ticket_app.api.kit.route import DialectRouter

router = DialectRouter()
for section in (
    auth_routes,
    search_routes,
    ticket_routes,
    merge_routes,
    approval_routes,
    comment_routes,
    attachment_routes,
    user_routes,
    department_routes,
    role_routes,
    service_level_routes,
    report_routes,
    webhook_routes,
    notification_routes,
):
    router.routes.extend(section.router.routes)

PATH_PREFIXES = sorted({str(getattr(route, "path", "")).split("/")[1] for route in router.routes})
"""What the root's paths of this document begin with."""

INTERPRETATIONS = (
    "The refresh token is taken from the Authorization header, as documented, or from a body "
    "`refresh_token`.",
    "`username` at the login may also be the e-mail address.",
    "Role `agent`, which the document's list lacks, is shown as it is.",
    "Logging out ends the sign-in: its access and refresh tokens stop working at once.",
    "Registering answers like a login, with 201.",
    "Lists carry both documented shapes at once; a page past the last holds nothing, a size above "
    "100 is 100. `created_after` includes the moment or day it names; a time without a zone is in "
    "UTC.",
    "A day without a time is a day of the desk's time zone (`TICKET_TIMEZONE`, UTC unless set). "
    "Filters and reports begin at its start, a `due_date` is its end.",
    "An unknown word in a filter is wrong input (400), a word finds all that is shown with it, and "
    "`tags` finds tickets that carry all of them, whatever their case.",
    "`ticket_type` is `request` unless said. Filing and changing answer the whole Ticket Model, "
    "lists, too; `internal_notes` are null for users.",
    "PATCH takes every field of the Ticket Model that can change, null empties one; all of it is "
    "done or nothing. Only who filed a ticket rates it, once it is finished.",
    "A user may not change status, assignee, department, type, due date or notes, nor delete "
    "(403); deleting is into a trash, and answers with `data: null`.",
    "A ticket is found by its id, its `ticket_number` and every other number printed for it.",
    "Details hold the last 100 comments and the last 100 lines of the timeline, whose `event` is "
    "named as in the webhooks; `related_tickets` are duplicates, merged ones and those whose title "
    "shares two telling words.",
    "Names in `attachments` are of files the caller has sent to this ticket or is going to send: "
    "`awaited_attachments` until then. Naming a file never changes who may read it.",
    "A mention, in `mentions` or as `@name` in the text, tells those who may read the comment; "
    "other names are passed over, so that nobody learns who exists. It lets no one in.",
    "`include_internal` is for staff (403). One's own comment can be changed and taken back, by "
    "staff any.",
    "`upload_url` is where this desk gives the file to who may see it and sends a token.",
    "A sign-in counts against the limit of its username, a failed one also against that of its "
    "address (100 a minute). A refresh counts against the limit of its owner, a registration "
    "against that of its address. `/auth/me` is General API.",
    "Lists asked with `search` count as Search; a file sent through any document is a File Upload.",
    "Users are for staff: others find themselves only. Departments are for all, their managers for "
    "staff.",
    "Preferences are told to nobody but their owner; `permissions` are one's own list, else the "
    "role's.",
    "Only those asked decide on an approval, not even admins otherwise; being asked is enough for "
    "agents, from others `approve_tickets` must not have been taken. Admins and who asked may "
    "cancel (`POST /approvals/{id}/cancel`).",
    "With quorum `any` the first word decides, for or against; else a step is approved once enough "
    "agree, and rejected once too few are left who could.",
    "An approved ticket goes back to where it was (a new one is open), a rejected one is closed.",
    "Where a policy fits, filing the ticket asks for approval at once, and it cannot be worked, "
    "resolved or closed before it is approved.",
    "`request_info` keeps the ticket in `pending_approval` and off the approvers' list until its "
    "requester, or who asked for the approval, has commented.",
    "The requester reads why it was rejected, the conditions and what is asked of them; other "
    "comments of approvers are for staff.",
    "`GET /approvals/pending` lists what waits for the caller; admins may ask for `all=true`.",
    "Search takes one word where a list of words is documented, and beside the documented filters "
    "`ticket_type`, `created_before`, `assigned_to`, `created_by`, `overdue`, `sla_breached`; any "
    "other name is refused.",
    "Without `sort`, what fits the search best comes first; of more than 400 that match, those are "
    "the newest 400, and older ones follow by age. Without words the newest come first.",
    "Sorted by several fields, a list puts the newest 10,000 that match (1,000 of a search) into "
    "that order, and older ones follow by age; `created_at` as the last key in the direction of "
    "the one before is free of that.",
    "A ticket is merged into another one of the same requester only, and answers with that one; "
    "afterwards it is closed, and takes no more comments.",
    "A report's period is whole days up to now (`30d` is today and the 29 days before it; "
    "`12w`, `6m`, `1y`, `today`, `yesterday`, `week`, `month`, `year`). Trends compare it with as "
    "much time just before; trends and means are null where there was nothing.",
    "A dashboard counts the tickets filed in the period by the status they have now, as `GET "
    "/tickets?created_after=` lists them, with `pending_approval_tickets` so that they sum to the "
    "total; hours, stars and promises are of what was resolved in it. Over more than 20,000 "
    "tickets it may be five seconds old.",
    "In performance reports a ticket counts for who has it now; both dates are included.",
    "Exports list the newest tickets first; their `filters` take the names of Advanced Search and "
    "of List Tickets, percent-encoded like every value in an address.",
    "CSV begins with a byte order mark, as Excel needs it, and an apostrophe stands before what a "
    "spreadsheet would calculate with.",
    "Webhooks are for admins. Each carries the signatures of Standard Webhooks beside "
    "`X-Webhook-Signature: sha256=<hex HMAC of the body>`, and `data.ticket` in every event.",
    "A change of status or assignee is `ticket.updated`, too; a ticket that is filed and assigned "
    "at once is `ticket.created` and `ticket.assigned`.",
    "A webhook is named by its `id` or its `webhook_id`; its secret is shown once.",
    "`sla_breach_time` is the moment by which a solution had been promised, once that has passed "
    "unsolved; `due_date` is what people set, and breaks nothing.",
    "A promise is made by the first active policy of `/service-levels`, by `rank`, that fits "
    "priority, type and company; its clock runs while the ticket is open, and stands still while "
    "it waits for somebody, is done, or lies in the trash.",
    "`sla_compliance` counts a promise in the period in which it was kept or broken.",
    "The first response target of a ticket that was done before anyone replied is "
    "`not_applicable`, neither met nor breached, until the ticket is reopened.",
    interpretations.replies_to_closed_tickets("`ticket_id` and `follow_up_ticket_id`"),
    interpretations.MARKDOWN_BY_FORMAT_FIELD,
    interpretations.STATUS_ON_CREATION,
    interpretations.MISSPELT_NAMES,
    "If the database or the file store is unavailable or full, the answer is 503 with "
    "`Retry-After` and the code `EXTERNAL_SERVICE_ERROR`. The document lists only 500.",
    interpretations.DATES,
    interpretations.TICKET_NUMBERS,
)
"""Where the document leaves a choice, the one taken."""

__all__ = ["ERROR_RENDERER", "INTERPRETATIONS", "PATH_PREFIXES", "router"]

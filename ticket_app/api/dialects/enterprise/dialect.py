"""The Enterprise dialect: its router, path prefixes and interpretations."""

from ticket_app.api.dialects.enterprise.administration import audit as audit_routes
from ticket_app.api.dialects.enterprise.administration import departments as department_routes
from ticket_app.api.dialects.enterprise.administration import roles as role_routes
from ticket_app.api.dialects.enterprise.administration import service_levels as service_level_routes
from ticket_app.api.dialects.enterprise.administration import teams as team_routes
from ticket_app.api.dialects.enterprise.administration import users as user_routes
from ticket_app.api.dialects.enterprise.approvals import routes as approval_routes
from ticket_app.api.dialects.enterprise.attachments import routes as attachment_routes
from ticket_app.api.dialects.enterprise.auth import routes as auth_routes
from ticket_app.api.dialects.enterprise.comments import routes as comment_routes
from ticket_app.api.dialects.enterprise.notifications import following as following_routes
from ticket_app.api.dialects.enterprise.notifications import routes as notification_routes
from ticket_app.api.dialects.enterprise.reports import routes as report_routes
from ticket_app.api.dialects.enterprise.routing import ERROR_RENDERER
from ticket_app.api.dialects.enterprise.ticket_settings import macros as macro_routes
from ticket_app.api.dialects.enterprise.ticket_settings import routing_rules as routing_rule_routes
from ticket_app.api.dialects.enterprise.ticket_settings import saved_replies as saved_reply_routes
from ticket_app.api.dialects.enterprise.ticket_settings import sections as section_routes
from ticket_app.api.dialects.enterprise.ticket_settings import tags as tag_routes
from ticket_app.api.dialects.enterprise.ticket_settings import templates as template_routes
from ticket_app.api.dialects.enterprise.ticket_settings import views as view_routes
from ticket_app.api.dialects.enterprise.tickets import importing as import_routes
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
    import_routes,
    ticket_routes,
    merge_routes,
    approval_routes,
    comment_routes,
    attachment_routes,
    user_routes,
    department_routes,
    team_routes,
    role_routes,
    template_routes,
    routing_rule_routes,
    tag_routes,
    section_routes,
    saved_reply_routes,
    macro_routes,
    view_routes,
    service_level_routes,
    report_routes,
    webhook_routes,
    notification_routes,
    following_routes,
    audit_routes,
):
    router.routes.extend(section.router.routes)

PATH_PREFIXES = sorted({str(getattr(route, "path", "")).split("/")[1] for route in router.routes})
"""First segments of this document's paths."""

INTERPRETATIONS = (
    "The refresh token is read from the Authorization header, as documented, or from "
    "`refresh_token` in the body.",
    "`username` may also be the email address when signing in.",
    "Role `agent`, which is not in the document's list, is shown as it is.",
    "Logging out ends the session: its access and refresh tokens stop working at once.",
    "Registering returns the same as a login, with 201.",
    "Lists contain both documented shapes at once; a page past the last one is empty, and a size "
    "above 100 means 100. `created_after` includes the moment or day it names; a time without a "
    "time zone is in UTC.",
    "A date without a time is a day in the default time zone (`TICKET_TIMEZONE`, UTC unless "
    "set). Filters and reports begin at its start, a `due_date` is its end.",
    "An unknown word in a filter is a validation error (400); a word matches every ticket that "
    "is shown with it, and `tags` matches tickets that have all of them, ignoring case.",
    "`ticket_type` is `request` by default. Creating and updating return the whole Ticket Model, "
    "and so do lists; `internal_notes` is null for users.",
    "PATCH takes every field of the Ticket Model that can change, and null clears a field; "
    "either all changes are made or none. Only the requester can rate a ticket, once it is done.",
    "A user may not change status, assignee, department, type, due date or notes, nor delete "
    "(403); deleting moves a ticket to the trash and returns `data: null`.",
    "A ticket is found by its id, its `ticket_number` and every other number printed for it.",
    "Details contain the last 100 comments and the last 100 timeline entries, whose `event` is "
    "named as in the webhooks; `related_tickets` are duplicates, merged tickets and tickets "
    "whose titles share two significant words.",
    "Names in `attachments` are those of files that the caller has uploaded to this ticket or "
    "will upload: they are in `awaited_attachments` until then. Naming a file never changes who "
    "may read it.",
    "A mention, in `mentions` or as `@name` in the text, notifies people who may read the "
    "comment; other names are ignored, so that a mention does not reveal which accounts exist. A "
    "mention gives no access.",
    "`include_internal` is for staff (403). Authors may change and delete their own comments, "
    "staff all of them.",
    "`upload_url` is the download URL of the file; it needs a token and access to the ticket.",
    "A sign-in counts against the limit of its username; a failed one also counts against that "
    "of its address (100 a minute). A refresh counts against the limit of its owner, a "
    "registration against that of its address. `/auth/me` is General API.",
    "Lists with `search` count as Search; uploads through any document count as File Upload.",
    "Staff see all users, other people only themselves. Everyone sees departments; only staff "
    "see their managers.",
    "Preferences are shown only to their owner; `permissions` are the user's own set, or else "
    "those of the role.",
    "Only approvers decide on an approval; admins who are not approvers cannot. Agents need no "
    "permission besides, other approvers need `approve_tickets`. Admins and the person who "
    "requested the approval may cancel it (`POST /approvals/{id}/cancel`).",
    "With quorum `any` the first decision counts; otherwise a step is approved when enough "
    "approvers agree, and rejected when too few are left who could.",
    "An approved ticket returns to its former status (a new one is open), a rejected one is "
    "closed.",
    "If a policy matches, creating the ticket requests approval at once, and it cannot be worked "
    "on, resolved or closed before it is approved.",
    "`request_info` keeps the ticket in `pending_approval` and removes it from the approvers' "
    "list until its requester, or the person who requested the approval, has commented.",
    "The requester can read why the request was rejected, the conditions, and what information "
    "is needed; other comments of approvers are for staff.",
    "`GET /approvals/pending` lists the approvals that wait for the caller; admins may send "
    "`all=true`.",
    "Search accepts one word where a list of words is documented, and in addition to the "
    "documented filters `ticket_type`, `created_before`, `assigned_to`, `created_by`, `overdue`, "
    "`sla_breached`; any other name is rejected.",
    "Without `sort`, the best matches come first; if more than 400 tickets match, only the "
    "newest 400 are ranked and older ones follow by age. Without a query the newest come first.",
    "With several sort keys, the newest 10,000 matches (1,000 of a search) are sorted and older "
    "ones follow by age; if the last key is `created_at` in the same direction as the one "
    "before, there is no such limit.",
    "A ticket can be merged only into another one of the same requester, which is returned; the "
    "merged ticket is closed and takes no more comments.",
    "A report's period is whole days up to now (`30d` is today and the 29 days before it; `12w`, "
    "`6m`, `1y`, `today`, `yesterday`, `week`, `month`, `year`). Trends compare it with the "
    "preceding period of equal length; trends and averages are null without data.",
    "A dashboard counts the tickets created in the period by their current status, as `GET "
    "/tickets?created_after=` lists them, with `pending_approval_tickets` so that they sum to "
    "the total; hours, ratings and SLA figures are those of tickets resolved in the period. With "
    "more than 20,000 tickets it may be five seconds old.",
    "In performance reports a ticket counts for its current assignee; both dates are included.",
    "Exports list the newest tickets first; their `filters` take the names of Advanced Search "
    "and of List Tickets, percent-encoded like every value in a URL.",
    "CSV files begin with a byte order mark, which Excel needs, and values that a spreadsheet "
    "would run as a formula are prefixed with an apostrophe.",
    "Webhooks are for admins. Each request has the signatures of Standard Webhooks as well as "
    "`X-Webhook-Signature: sha256=<hex HMAC of the body>`, and every event contains "
    "`data.ticket`.",
    "A change of status or assignee is also `ticket.updated`; creating an assigned ticket sends "
    "`ticket.created` and `ticket.assigned`.",
    "A webhook is identified by its `id` or its `webhook_id`; its secret is shown once.",
    "`sla_breach_time` is when the resolution target was breached; `due_date` is set by people "
    "and has no effect on SLA targets.",
    "SLA targets come from the first active policy of `/service-levels`, by `rank`, that matches "
    "priority, type and company; their clock runs while the ticket is open, and is paused while "
    "it is on hold, done or in the trash.",
    "`sla_compliance` counts an SLA target in the period in which it was met or breached.",
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
"""How this API handles what the document leaves open."""

__all__ = ["ERROR_RENDERER", "INTERPRETATIONS", "PATH_PREFIXES", "router"]

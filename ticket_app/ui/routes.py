"""The URLs of the pages.

Constants are routes for `add_page`; functions return links. `ref` is any printed form of a ticket's
number (`BUG-15`). Every value is escaped here.
"""

from typing import Final
from urllib.parse import quote, unquote, urlencode

HOME: Final = "/"
LOGIN: Final = "/login"
REGISTER: Final = "/register"
FORGOT_PASSWORD: Final = "/forgot-password"  # noqa: S105 - a path
RESET_PASSWORD: Final = "/reset-password/[token]"  # noqa: S105 - a path
INVITATION: Final = "/invitation/[token]"
VERIFY: Final = "/verify/[token]"
RATE: Final = "/rate/[token]"

PORTAL: Final = "/portal"
PORTAL_NEW: Final = "/portal/new"
PORTAL_TICKET: Final = "/portal/tickets/[ref]"
PORTAL_PROFILE: Final = "/portal/profile"
PORTAL_INBOX: Final = "/portal/inbox"

NOTIFICATION_SETTINGS: Final = "/settings/notifications"
MY_SAVED_REPLIES: Final = "/settings/saved-replies"
MY_MACROS: Final = "/settings/macros"

DESK: Final = "/desk"
DESK_VIEW: Final = "/desk/views/[view]"
DESK_NEW: Final = "/desk/new"
DESK_INBOX: Final = "/desk/inbox"
DESK_APPROVALS: Final = "/desk/approvals"
DESK_ANALYTICS: Final = "/desk/analytics"
DESK_TICKET: Final = "/desk/tickets/[ref]"

ADMIN: Final = "/admin"
ADMIN_PEOPLE: Final = "/admin/people"
ADMIN_ROLES: Final = "/admin/people/roles"
ADMIN_DEPARTMENTS: Final = "/admin/departments"
ADMIN_TEAMS: Final = "/admin/teams"
ADMIN_COMPANIES: Final = "/admin/companies"
ADMIN_CONTACTS: Final = "/admin/contacts"
ADMIN_TEMPLATES: Final = "/admin/templates"
ADMIN_ROUTING: Final = "/admin/routing"
ADMIN_SECTIONS: Final = "/admin/sections"
ADMIN_TAGS: Final = "/admin/tags"
ADMIN_SAVED_REPLIES: Final = "/admin/saved-replies"
ADMIN_MACROS: Final = "/admin/macros"
ADMIN_WEBHOOKS: Final = "/admin/webhooks"
ADMIN_WEBHOOK: Final = "/admin/webhooks/[webhook]"
ADMIN_APPROVALS: Final = "/admin/approvals"
ADMIN_SERVICE_LEVELS: Final = "/admin/service-levels"
ADMIN_JOBS: Final = "/admin/jobs"
ADMIN_AUDIT: Final = "/admin/audit"
ADMIN_RATINGS: Final = "/admin/ratings"
ADMIN_MAIL: Final = "/admin/mail"
ADMIN_MAIL_PARKED: Final = "/admin/mail/parked"
ADMIN_MAIL_MAILBOXES: Final = "/admin/mail/mailboxes"
ADMIN_MAIL_TEMPLATES: Final = "/admin/mail/templates"
ADMIN_MAIL_ADDRESSES: Final = "/admin/mail/addresses"

SHORTCUT_PARAMETER: Final = "open"
SHORTCUT_PAGES: Final = {
    "new-ticket": (DESK_NEW, PORTAL_NEW),
    "inbox": (DESK_INBOX, PORTAL_INBOX),
    "my-tickets": ("/desk/views/mine", PORTAL),
}
"""The pages that shortcuts of the installed app open, for staff and for requesters."""

ALL_PAGES: Final = (
    HOME,
    LOGIN,
    REGISTER,
    FORGOT_PASSWORD,
    RESET_PASSWORD,
    INVITATION,
    VERIFY,
    RATE,
    PORTAL,
    PORTAL_NEW,
    PORTAL_TICKET,
    PORTAL_PROFILE,
    PORTAL_INBOX,
    NOTIFICATION_SETTINGS,
    MY_SAVED_REPLIES,
    MY_MACROS,
    DESK,
    DESK_VIEW,
    DESK_NEW,
    DESK_INBOX,
    DESK_APPROVALS,
    DESK_ANALYTICS,
    DESK_TICKET,
    ADMIN,
    ADMIN_PEOPLE,
    ADMIN_ROLES,
    ADMIN_DEPARTMENTS,
    ADMIN_TEAMS,
    ADMIN_COMPANIES,
    ADMIN_CONTACTS,
    ADMIN_TEMPLATES,
    ADMIN_ROUTING,
    ADMIN_SECTIONS,
    ADMIN_TAGS,
    ADMIN_SAVED_REPLIES,
    ADMIN_MACROS,
    ADMIN_WEBHOOKS,
    ADMIN_WEBHOOK,
    ADMIN_APPROVALS,
    ADMIN_SERVICE_LEVELS,
    ADMIN_JOBS,
    ADMIN_AUDIT,
    ADMIN_RATINGS,
    ADMIN_MAIL,
    ADMIN_MAIL_PARKED,
    ADMIN_MAIL_MAILBOXES,
    ADMIN_MAIL_TEMPLATES,
    ADMIN_MAIL_ADDRESSES,
)


def home_shortcut(page: str) -> str:
    """Return the home page that continues to one of `SHORTCUT_PAGES`."""
    return f"{HOME}?{urlencode({SHORTCUT_PARAMETER: page})}"


def shortcut_page(page: str, *, is_staff: bool) -> str:
    """Return the page of a shortcut for staff or requesters; "" if there is no such shortcut."""
    for_staff, for_requesters = SHORTCUT_PAGES.get(page, ("", ""))
    return for_staff if is_staff else for_requesters


def login(next_path: str = "") -> str:
    """Return the sign-in page that continues to `next_path`."""
    return f"{LOGIN}?{urlencode({'next': next_path})}" if next_path else LOGIN


def portal_ticket(ref: str) -> str:
    """Return a ticket's page for its requester."""
    return f"/portal/tickets/{quote(ref, safe='')}"


def ticket_reference(path: str) -> str:
    """Return the reference in the address of a ticket's page; empty for other pages."""
    _, found, reference = path.rstrip("/").rpartition("/tickets/")
    return unquote(reference) if found else ""


def desk_ticket(ref: str) -> str:
    """Return a ticket's page for staff."""
    return f"/desk/tickets/{quote(ref, safe='')}"


def is_desk_ticket(path: str) -> bool:
    """Return whether a path is that of a ticket's page for staff."""
    return path.startswith("/desk/tickets/")


def desk_view(view: str, **filters: str) -> str:
    """Return a view of the queue with its filters, as a link that can be shared."""
    path = f"/desk/views/{quote(view, safe='')}"
    chosen = {name: value for name, value in filters.items() if value}
    return f"{path}?{urlencode(chosen)}" if chosen else path


def desk_home(**filters: str) -> str:
    """Return the start page of staff with the filters of its view."""
    chosen = {name: value for name, value in filters.items() if value}
    return f"{DESK}?{urlencode(chosen)}" if chosen else DESK


def analytics(**filters: str) -> str:
    """Return the analytics page for a period and a department."""
    params = {name: value for name, value in filters.items() if value}
    return f"{DESK_ANALYTICS}?{urlencode(params)}" if params else DESK_ANALYTICS


def admin_webhook(webhook: str, **filters: str) -> str:
    """Return the page of a webhook (`wh_...`) and its deliveries."""
    path = f"{ADMIN_WEBHOOKS}/{quote(webhook, safe='')}"
    params = {name: value for name, value in filters.items() if value}
    return f"{path}?{urlencode(params)}" if params else path


def admin_audit(**filters: str) -> str:
    """Return the audit log with its filters and a page."""
    params = {name: value for name, value in filters.items() if value}
    return f"{ADMIN_AUDIT}?{urlencode(params)}" if params else ADMIN_AUDIT


def admin_mail(**filters: str) -> str:
    """Return the log of outgoing email with its filters and a page."""
    params = {name: value for name, value in filters.items() if value}
    return f"{ADMIN_MAIL}?{urlencode(params)}" if params else ADMIN_MAIL


def email_preview(email_uuid: str) -> str:
    """Return the address at which the HTML of an email is shown alone."""
    return f"/mail/preview/{quote(email_uuid, safe='')}"


def template_preview(kind: str, **draft: str) -> str:
    """Return the address at which an example of a kind of email is shown alone."""
    return f"/mail/preview/templates/{quote(kind, safe='')}?{urlencode(draft)}"


def admin_people(**filters: str) -> str:
    """Return the list of people with a search and a page."""
    params = {name: value for name, value in filters.items() if value}
    return f"{ADMIN_PEOPLE}?{urlencode(params)}" if params else ADMIN_PEOPLE

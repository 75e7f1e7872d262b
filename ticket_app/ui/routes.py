"""Where the pages are. Constants are routes for `add_page`; functions build addresses to link to.

`ref` is any printed form of a ticket's number (`BUG-15`); every value is escaped here.
"""

from typing import Final
from urllib.parse import quote, urlencode

HOME: Final = "/"
LOGIN: Final = "/login"
REGISTER: Final = "/register"

PORTAL: Final = "/portal"
PORTAL_NEW: Final = "/portal/new"
PORTAL_TICKET: Final = "/portal/tickets/[ref]"
PORTAL_PROFILE: Final = "/portal/profile"
PORTAL_INBOX: Final = "/portal/inbox"

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
ADMIN_WEBHOOKS: Final = "/admin/webhooks"
ADMIN_WEBHOOK: Final = "/admin/webhooks/[webhook]"
ADMIN_APPROVALS: Final = "/admin/approvals"
ADMIN_SERVICE_LEVELS: Final = "/admin/service-levels"
ADMIN_JOBS: Final = "/admin/jobs"

ALL_PAGES: Final = (
    HOME,
    LOGIN,
    REGISTER,
    PORTAL,
    PORTAL_NEW,
    PORTAL_TICKET,
    PORTAL_PROFILE,
    PORTAL_INBOX,
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
    ADMIN_WEBHOOKS,
    ADMIN_WEBHOOK,
    ADMIN_APPROVALS,
    ADMIN_SERVICE_LEVELS,
    ADMIN_JOBS,
)


def login(next_path: str = "") -> str:
    """The sign-in page that leads on to `then` afterwards."""
    return f"{LOGIN}?{urlencode({'next': next_path})}" if next_path else LOGIN


def portal_ticket(ref: str) -> str:
    """A ticket as its requester sees it."""
    return f"/portal/tickets/{quote(ref, safe='')}"


def desk_ticket(ref: str) -> str:
    """A ticket as staff sees it."""
    return f"/desk/tickets/{quote(ref, safe='')}"


def desk_view(view: str, **filters: str) -> str:
    """A view of the desk, with filters in the address so that it can be sent to a colleague."""
    path = f"/desk/views/{quote(view, safe='')}"
    chosen = {name: value for name, value in filters.items() if value}
    return f"{path}?{urlencode(chosen)}" if chosen else path


def desk_home(**filters: str) -> str:
    """The desk's first page, which shows the first view, with filters in its address."""
    chosen = {name: value for name, value in filters.items() if value}
    return f"{DESK}?{urlencode(chosen)}" if chosen else DESK


def analytics(**filters: str) -> str:
    """The analytics page, for a period and a department."""
    params = {name: value for name, value in filters.items() if value}
    return f"{DESK_ANALYTICS}?{urlencode(params)}" if params else DESK_ANALYTICS


def admin_webhook(webhook: str, **filters: str) -> str:
    """One webhook (`wh_...`) and what was sent to it."""
    path = f"{ADMIN_WEBHOOKS}/{quote(webhook, safe='')}"
    params = {name: value for name, value in filters.items() if value}
    return f"{path}?{urlencode(params)}" if params else path


def admin_people(**filters: str) -> str:
    """People, as a search and a page of it show them."""
    params = {name: value for name, value in filters.items() if value}
    return f"{ADMIN_PEOPLE}?{urlencode(params)}" if params else ADMIN_PEOPLE

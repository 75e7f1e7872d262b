"""The Enterprise Ticket Management System (specs/enterprise.md), one module a chapter.

Base is the root; ids are integers; success is `{"success": true, "data": ..., ...}`, a refusal
`{"success": false, "error": {code, message, details, timestamp}, "request_id": ...}`.
"""

from ticket_app.api.dialects.enterprise import (
    approvals,
    attachments,
    auth,
    comments,
    notices,
    reports,
    search,
    service_levels,
    tickets,
    users,
    webhooks,
)
from ticket_app.api.dialects.enterprise.voice import VOICE
from ticket_app.api.kit.route import DialectRouter

router = DialectRouter()
for chapter in (
    auth,
    search,
    tickets,
    approvals,
    comments,
    attachments,
    users,
    service_levels,
    reports,
    webhooks,
    notices,
):
    router.routes.extend(chapter.router.routes)

PREFIXES = sorted({str(getattr(route, "path", "")).split("/")[1] for route in router.routes})
"""What the root's paths of this document begin with."""

READINGS = (
    "The refresh token is taken from the Authorization header, as documented, or from a body "
    "`refresh_token`.",
    "`username` at the login may also be the e-mail address.",
    "Role `agent`, which the document's list lacks, is shown as it is.",
    "Logging out ends the sign-in: its access and refresh tokens stop working at once.",
    "Registering answers like a login, with 201.",
)
"""Where the document leaves a choice, the one taken."""

__all__ = ["PREFIXES", "READINGS", "VOICE", "router"]

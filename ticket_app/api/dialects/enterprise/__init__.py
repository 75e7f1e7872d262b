"""The Enterprise Ticket Management System (specs/enterprise.md); so far its Authentication.

Base is the root; ids are integers; success is `{"success": true, "data": ..., ...}`, a refusal
`{"success": false, "error": {code, message, details, timestamp}, "request_id": ...}`.
"""

from ticket_app.api.dialects.enterprise.auth import router

READINGS = (
    "The refresh token is taken from the Authorization header, as documented, or from a body "
    "`refresh_token`.",
    "`username` at the login may also be the e-mail address.",
    "Role `agent`, which the document's list lacks, is shown as it is.",
    "Logging out ends the sign-in: its access and refresh tokens stop working at once.",
    "Registering answers like a login, with 201.",
)
"""Where the document leaves a choice, the one taken."""

__all__ = ["READINGS", "router"]

"""Errors in the guide's format (Error Handling)."""

from __future__ import annotations

from ticket_app.api.kit.error_renderer import status_code_for
from ticket_app.api.kit.validation_errors import format_problem
from ticket_app.core.platform.errors import DomainError, Invalid

DOCUMENT_FIELD_NAMES = {
    "section": "application_section",
    "client_version": "centcom_version",
    "environment": "environment_info",
}
"""The guide's names for core fields that differ."""


def success_body(**content: object) -> dict[str, object]:
    """Return the body of a successful response."""
    return {"success": True, **content}


class CentcomErrorRenderer:
    """Renders `{"success": false, "error": "...", "details": "..."}`."""

    name = "centcom"

    def render_error(
        self, error: DomainError, *, details: str | None, request_id: str
    ) -> tuple[int, dict[str, object]]:
        """Return the guide's status and one sentence."""
        message = error.message
        if isinstance(error, Invalid):
            message = " ".join(
                format_problem(DOCUMENT_FIELD_NAMES.get(name, name), reason)
                for name, reason in error.problems
            )
        return status_code_for(error), _error_body(message, details)

    def render_server_error(
        self, *, details: str | None, request_id: str
    ) -> tuple[int, dict[str, object]]:
        """Return 500 and a message without technical details."""
        return 500, _error_body("Something went wrong on our side; nothing was changed", details)


def _error_body(error: str, details: str | None) -> dict[str, object]:
    body: dict[str, object] = {"success": False, "error": error}
    if details is not None:
        body["details"] = details
    return body

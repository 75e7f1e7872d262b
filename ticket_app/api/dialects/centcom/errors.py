"""Error Handling: every refusal of the core in the guide's form."""

from __future__ import annotations

from typing import Any

from ticket_app.api.kit.messages import sentence
from ticket_app.api.kit.route import status_of
from ticket_app.core.platform.errors import DeskError, Invalid

FIELDS = {
    "section": "application_section",
    "client_version": "centcom_version",
    "environment": "environment_info",
}
"""The guide's names of fields that the core calls otherwise."""


def success(**content: Any) -> dict[str, Any]:
    """A successful answer."""
    return {"success": True, **content}


class CentcomVoice:
    """`{"success": false, "error": "...", "details": "..."}`."""

    name = "centcom"

    def refuse(
        self, error: DeskError, *, details: str | None, request_id: str
    ) -> tuple[int, dict[str, Any]]:
        """The status of the guide's table, and one sentence for a person."""
        message = error.message
        if isinstance(error, Invalid):
            message = " ".join(
                sentence(FIELDS.get(name, name), why) for name, why in error.problems
            )
        return status_of(error), _body(message, details)

    def fail(self, *, details: str | None, request_id: str) -> tuple[int, dict[str, Any]]:
        """Something broke; nothing was changed."""
        return 500, _body("Something went wrong on our side; nothing was changed", details)


def _body(error: str, details: str | None) -> dict[str, Any]:
    body: dict[str, Any] = {"success": False, "error": error}
    if details is not None:
        body["details"] = details
    return body

"""Error Handling: every refusal of the core in the guide's form."""

from __future__ import annotations

from typing import Any

from ticket_app.core import errors
from ticket_app.core.errors import DeskError

STATUS_OF: dict[type[DeskError], int] = {
    errors.Invalid: 400,
    errors.Unacceptable: 400,
    errors.RuleBroken: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Stale: 412,
    errors.KeyReused: 422,
    errors.TooMany: 429,
    errors.Unavailable: 500,
}


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
        status = next(STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF)
        return status, _body(error.message, details)

    def fail(self, *, details: str | None, request_id: str) -> tuple[int, dict[str, Any]]:
        """Something broke; nothing was changed."""
        return 500, _body("Something went wrong on our side; nothing was changed", details)


def _body(error: str, details: str | None) -> dict[str, Any]:
    body: dict[str, Any] = {"success": False, "error": error}
    if details is not None:
        body["details"] = details
    return body

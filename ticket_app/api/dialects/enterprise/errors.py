"""Response Formats and Error Handling: both envelopes, and the eight codes."""

from __future__ import annotations

from typing import Any

from ticket_app.core import errors
from ticket_app.core.desk import utc_now
from ticket_app.core.errors import DeskError

CODE_OF: dict[type[DeskError], tuple[int, str]] = {
    errors.Invalid: (400, "VALIDATION_ERROR"),
    errors.Unacceptable: (400, "VALIDATION_ERROR"),
    errors.Unauthenticated: (401, "AUTHENTICATION_REQUIRED"),
    errors.Forbidden: (403, "PERMISSION_DENIED"),
    errors.NotFound: (404, "RESOURCE_NOT_FOUND"),
    errors.Conflict: (409, "DUPLICATE_RESOURCE"),
    errors.Stale: (412, "BUSINESS_RULE_VIOLATION"),
    errors.KeyReused: (422, "BUSINESS_RULE_VIOLATION"),
    errors.RuleBroken: (422, "BUSINESS_RULE_VIOLATION"),
    errors.TooMany: (429, "RATE_LIMIT_EXCEEDED"),
    errors.Unavailable: (500, "EXTERNAL_SERVICE_ERROR"),
}


def success(data: Any, message: str, request_id: str) -> dict[str, Any]:
    """Success Response."""
    return {
        "success": True,
        "data": data,
        "message": message,
        "timestamp": utc_now(),
        "request_id": request_id,
    }


class EnterpriseVoice:
    """Error Response."""

    name = "enterprise"

    def refuse(
        self, error: DeskError, *, details: str | None, request_id: str
    ) -> tuple[int, dict[str, Any]]:
        """The status and code of the document's tables."""
        status, code = next(CODE_OF[kind] for kind in type(error).__mro__ if kind in CODE_OF)
        told: dict[str, Any] = {}
        if isinstance(error, errors.Invalid):
            told = {"field": error.field, "reason": error.reason}
            if len(error.problems) > 1:
                told["problems"] = [
                    {"field": field, "reason": reason} for field, reason in error.problems
                ]
        if details is not None:
            told["technical"] = details
        return status, _body(code, error.message, told, request_id)

    def fail(self, *, details: str | None, request_id: str) -> tuple[int, dict[str, Any]]:
        """Something broke; nothing was changed."""
        told = {} if details is None else {"technical": details}
        message = "Something went wrong on our side; nothing was changed"
        return 500, _body("EXTERNAL_SERVICE_ERROR", message, told, request_id)


def _body(code: str, message: str, details: dict[str, Any], request_id: str) -> dict[str, Any]:
    return {
        "success": False,
        "error": {
            "code": code,
            "message": message,
            "details": details,
            "timestamp": utc_now(),
        },
        "request_id": request_id,
    }

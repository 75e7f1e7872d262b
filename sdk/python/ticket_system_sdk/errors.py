"""What goes wrong, one class for each code of the document's "Error Codes"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class TicketSystemError(Exception):
    """The base of everything this package raises."""

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        status: int | None = None,
        details: Mapping[str, Any] | None = None,
        request_id: str = "",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status
        self.details: Mapping[str, Any] = details or {}
        self.request_id = request_id
        self.retry_after = retry_after


class ValidationError(TicketSystemError):
    """The input was refused; `details` names the field and the reason."""

    @property
    def field(self) -> str:
        """The field that was refused."""
        return str(self.details.get("field", ""))

    @property
    def reason(self) -> str:
        """What is wrong with it."""
        return str(self.details.get("reason", ""))


class AuthenticationRequired(TicketSystemError):
    """No valid token or API key, or a wrong password."""


class PermissionDenied(TicketSystemError):
    """The caller may not do this."""


class NotFound(TicketSystemError):
    """There is no such thing, or the caller may not know of it."""


class DuplicateResource(TicketSystemError):
    """Such a thing exists already."""


class BusinessRuleViolation(TicketSystemError):
    """A rule of the desk stands against it."""


class Stale(BusinessRuleViolation):
    """The ticket was changed since it was read (`if_match`)."""


class RateLimited(TicketSystemError):
    """Too many requests; `retry_after` says how many seconds to wait."""


class ExternalServiceError(TicketSystemError):
    """The service, or one it needs, failed."""


class ConnectionFailed(TicketSystemError):
    """No whole answer came; `was_sent` tells whether the request may have had its effect."""

    def __init__(self, message: str, *, was_sent: bool) -> None:
        super().__init__(message)
        self.was_sent = was_sent


class UnexpectedAnswer(TicketSystemError):
    """Something answered, but not as the API does (a proxy's page, another service)."""


class SignatureInvalid(TicketSystemError):
    """A webhook did not come from the desk, was altered, or is too old."""


BY_CODE: dict[str, type[TicketSystemError]] = {
    "VALIDATION_ERROR": ValidationError,
    "AUTHENTICATION_REQUIRED": AuthenticationRequired,
    "PERMISSION_DENIED": PermissionDenied,
    "RESOURCE_NOT_FOUND": NotFound,
    "DUPLICATE_RESOURCE": DuplicateResource,
    "BUSINESS_RULE_VIOLATION": BusinessRuleViolation,
    "RATE_LIMIT_EXCEEDED": RateLimited,
    "EXTERNAL_SERVICE_ERROR": ExternalServiceError,
}
BY_STATUS: dict[int, type[TicketSystemError]] = {
    400: ValidationError,
    401: AuthenticationRequired,
    403: PermissionDenied,
    404: NotFound,
    409: DuplicateResource,
    412: Stale,
    422: BusinessRuleViolation,
    429: RateLimited,
}
"""For answers without a code; 412 is told from other broken rules by its status only."""


def kind_of(status: int, code: str) -> type[TicketSystemError]:
    """The class for an answer's status and code."""
    if status == 412:
        return Stale
    found = BY_CODE.get(code) or BY_STATUS.get(status)
    return found or (ExternalServiceError if status >= 500 else UnexpectedAnswer)

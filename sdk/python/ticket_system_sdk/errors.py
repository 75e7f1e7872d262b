"""The errors of the API, one class for each of the document's "Error Codes"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class TicketSystemError(Exception):
    """The base class of all errors of this package."""

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
    """The input is invalid; `details` has the field and the reason."""

    @property
    def field(self) -> str:
        """The name of the invalid field."""
        return str(self.details.get("field", ""))

    @property
    def reason(self) -> str:
        """Why the field is invalid."""
        return str(self.details.get("reason", ""))


class AuthenticationRequired(TicketSystemError):
    """The token, API key or password is missing or wrong."""


class PermissionDenied(TicketSystemError):
    """The caller may not do this."""


class NotFound(TicketSystemError):
    """The resource does not exist, or the caller may not see it."""


class DuplicateResource(TicketSystemError):
    """The resource already exists."""


class BusinessRuleViolation(TicketSystemError):
    """A business rule does not allow the action."""


class VersionConflict(BusinessRuleViolation):
    """The ticket has changed since it was read (`if_match`)."""


class RateLimited(TicketSystemError):
    """There were too many requests; wait for `retry_after` seconds."""


class ExternalServiceError(TicketSystemError):
    """The service, or one that it depends on, failed."""


class ConnectionFailed(TicketSystemError):
    """No complete response; `was_sent` is true if the request may have taken effect."""

    def __init__(self, message: str, *, was_sent: bool) -> None:
        super().__init__(message)
        self.was_sent = was_sent


class UnexpectedResponse(TicketSystemError):
    """The response is not one of the API (but of a proxy or another service)."""


class InvalidSignature(TicketSystemError):
    """A webhook was not sent by the ticket system, was altered, or is too old."""


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
    412: VersionConflict,
    422: BusinessRuleViolation,
    429: RateLimited,
}
"""For responses without a code; 412 has the code of other rule violations."""


def error_class_for(status: int, code: str) -> type[TicketSystemError]:
    """Return the error class for a response's status and code."""
    if status == 412:
        return VersionConflict
    found = BY_CODE.get(code) or BY_STATUS.get(status)
    return found or (ExternalServiceError if status >= 500 else UnexpectedResponse)

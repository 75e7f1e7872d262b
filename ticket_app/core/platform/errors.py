"""The errors of the core, with messages for people and without HTTP status codes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime


class DomainError(Exception):
    """A request that cannot be carried out; the message can be shown to the caller."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(DomainError):
    """The resource does not exist, or the actor may not see it."""

    def __init__(self, resource: str = "Ticket") -> None:
        super().__init__(f"{resource} not found")
        self.resource = resource


class Forbidden(DomainError):
    """The actor may see the resource but not perform the action."""


class Unauthenticated(DomainError):
    """The request has no valid credentials."""

    def __init__(self, message: str = "A valid token is required") -> None:
        super().__init__(message)


class Reason(str):
    """Why a field is wrong, as a phrase that follows the field's name ("is required").

    `code` is the kind of error; `values` are what an API's own message for it mentions
    (`limit`, `value`), so that each dialect can word it as its document does.
    """

    __slots__ = ("code", "values")
    code: str
    values: dict[str, object]

    def __new__(cls, message: str, code: str = "invalid", **values: object) -> Reason:
        """Create the phrase with the values that an error renderer needs for its own wording."""
        reason = super().__new__(cls, message)
        reason.code = code
        reason.values = values
        return reason


REQUIRED = Reason("is required", "required")
NULL = Reason("is required", "null")
BLANK = Reason("is required", "blank")


def _count(number: int, noun: str) -> str:
    """Return a number with its noun, such as "1 character" or "200 characters"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def too_long(limit: int) -> Reason:
    """Return the reason for a text with more than `limit` characters."""
    return Reason(f"must have at most {_count(limit, 'character')}", "max_length", limit=limit)


def too_short(limit: int) -> Reason:
    """Return the reason for a text with fewer than `limit` characters."""
    return Reason(f"must have at least {_count(limit, 'character')}", "min_length", limit=limit)


def too_few(limit: int) -> Reason:
    """Return the reason for a list with fewer than `limit` items."""
    return Reason(f"must have at least {_count(limit, 'item')}", "min_items", limit=limit)


def too_many(limit: int, item_name: str = "items") -> Reason:
    """Return the reason for a list with more than `limit` items."""
    return Reason(f"must have at most {limit:,} {item_name}", "max_items", limit=limit)


def does_not_exist(value: object) -> Reason:
    """Return the reason for a reference to something missing, or hidden from the caller."""
    return Reason("does not exist", "does_not_exist", value=to_printable(value))


def invalid_choice(choices: Iterable[str], value: object) -> Reason:
    """Return the reason for a value that is not one of the choices."""
    message = f"must be one of {', '.join(choices)}"
    return Reason(message, "choice", value=to_printable(value))


MAX_SHOWN_LENGTH = 100


def to_printable(value: object) -> str:
    """Return a value that a client sent as short, valid UTF-8 text for an error message."""
    text = str(value).encode("utf-8", "replace").decode()
    return text if len(text) <= MAX_SHOWN_LENGTH else text[: MAX_SHOWN_LENGTH - 3] + "..."


class Invalid(DomainError):
    """One or more fields are invalid; `problems` has a (field, reason) for each, in order."""

    def __init__(self, field: str, reason: str, value: object = None) -> None:
        super().__init__(f"{field}: {reason}")
        self.problems: list[tuple[str, str]] = [(field, reason)]
        self.value = value

    @classmethod
    def from_problems(cls, problems: list[tuple[str, str]]) -> Invalid:
        """Create one error for several invalid fields."""
        error = cls(*problems[0])
        error.problems = problems
        error.message = "; ".join(f"{field}: {reason}" for field, reason in problems)
        return error

    @property
    def field(self) -> str:
        """The first invalid field."""
        return self.problems[0][0]

    @property
    def reason(self) -> str:
        """Why the first invalid field is invalid."""
        return self.problems[0][1]


class Conflict(DomainError):
    """The resource exists already, or another request is changing it."""


class VersionConflict(DomainError):
    """The resource has changed since the caller read it (`If-Match`)."""

    def __init__(self, message: str = "The ticket has changed since you read it") -> None:
        super().__init__(message)


class IdempotencyKeyReused(DomainError):
    """The `Idempotency-Key` was used for another request."""

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was used for another request")


class RuleViolation(DomainError):
    """The request is valid and permitted, but breaks a rule of the help desk."""


class RateLimited(DomainError):
    """A rate limit is used up; `retry_at` is when to try again (UTC)."""

    def __init__(self, message: str, *, retry_at: datetime) -> None:
        super().__init__(message)
        self.retry_at = retry_at


class FileRejected(DomainError):
    """A file that is not accepted; `is_too_large` if its size is the reason."""

    def __init__(self, message: str, *, is_too_large: bool = False) -> None:
        super().__init__(message)
        self.is_too_large = is_too_large


class Unavailable(DomainError):
    """A service is unreachable or full; nothing was changed, and the caller may try again."""

    retry_after = 5
    """Seconds after which the caller may try again."""


ERROR_TYPES: tuple[type[DomainError], ...] = (
    NotFound,
    Forbidden,
    Unauthenticated,
    Invalid,
    Conflict,
    VersionConflict,
    IdempotencyKeyReused,
    RuleViolation,
    RateLimited,
    FileRejected,
    Unavailable,
)
"""Every error that a dialect must render (checked by a test)."""

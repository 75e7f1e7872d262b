"""What the desk says when it says no: sentences, without any transport's status codes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any


class DomainError(Exception):
    """Something the caller asked for cannot be done; the message is fit to be shown."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(DomainError):
    """There is no such thing, or the actor may not know that there is."""

    def __init__(self, resource: str = "Ticket") -> None:
        super().__init__(f"{resource} not found")
        self.resource = resource


class Forbidden(DomainError):
    """The actor sees the thing but may not do this to it."""


class Unauthenticated(DomainError):
    """Nobody, or nobody we know, is asking."""

    def __init__(self, message: str = "A valid token is required") -> None:
        super().__init__(message)


class Reason(str):
    """Why a field is wrong, as a phrase that follows the field's name ("is required").

    `code` says what kind of error it is and `values` what an API's own sentence for it names
    (`limit`, `value`), so that each document can word it in its own style.
    """

    __slots__ = ("code", "values")
    code: str
    values: dict[str, Any]

    def __new__(cls, message: str, code: str = "invalid", **values: Any) -> Reason:
        """Make the phrase, with what a renderer needs to word it differently."""
        reason = super().__new__(cls, message)
        reason.code = code
        reason.values = values
        return reason


REQUIRED = Reason("is required", "required")
NULL = Reason("is required", "null")
BLANK = Reason("is required", "blank")


def too_long(limit: int) -> Reason:
    """A text with more than `limit` characters."""
    return Reason(f"must have at most {limit:,} characters", "max_length", limit=limit)


def too_short(limit: int) -> Reason:
    """A text with fewer than `limit` characters."""
    return Reason(f"must have at least {limit:,} characters", "min_length", limit=limit)


def too_many(limit: int, item_name: str = "items") -> Reason:
    """A list with more than `limit` items."""
    return Reason(f"must have at most {limit:,} {item_name}", "max_items", limit=limit)


def does_not_exist(value: Any) -> Reason:
    """A reference to something that is not there, or that the caller may not know of."""
    return Reason("does not exist", "does_not_exist", value=to_printable(value))


def invalid_choice(choices: Iterable[str], value: Any) -> Reason:
    """A word that is none of the known ones."""
    message = f"must be one of {', '.join(choices)}"
    return Reason(message, "choice", value=to_printable(value))


MAX_SHOWN_LENGTH = 100


def to_printable(value: Any) -> str:
    """Return a value a caller sent as text that can be sent back: short and valid UTF-8."""
    text = str(value).encode("utf-8", "replace").decode()
    return text if len(text) <= MAX_SHOWN_LENGTH else text[: MAX_SHOWN_LENGTH - 3] + "..."


class Invalid(DomainError):
    """One or more fields are not as they must be; `problems` is (field, reason) in order."""

    def __init__(self, field: str, reason: str, value: Any = None) -> None:
        super().__init__(f"{field}: {reason}")
        self.problems: list[tuple[str, str]] = [(field, reason)]
        self.value = value

    @classmethod
    def from_problems(cls, problems: list[tuple[str, str]]) -> Invalid:
        """One error that names every wrong field."""
        error = cls(*problems[0])
        error.problems = problems
        error.message = "; ".join(f"{field}: {reason}" for field, reason in problems)
        return error

    @property
    def field(self) -> str:
        """The first field that is wrong."""
        return self.problems[0][0]

    @property
    def reason(self) -> str:
        """Why the first wrong field is wrong."""
        return self.problems[0][1]


class Conflict(DomainError):
    """The thing exists already, or somebody else is doing this right now."""


class VersionConflict(DomainError):
    """The thing has changed since the caller read it (`If-Match`)."""

    def __init__(self, message: str = "The ticket has changed since you read it") -> None:
        super().__init__(message)


class IdempotencyKeyReused(DomainError):
    """The `Idempotency-Key` was used before for something else."""

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was used for another request")


class RuleViolation(DomainError):
    """Well formed, allowed to this actor, but against a rule of the desk."""


class RateLimited(DomainError):
    """More than the actor is allowed in this time; `retry_at` is when to come back (UTC)."""

    def __init__(self, message: str, *, retry_at: datetime) -> None:
        super().__init__(message)
        self.retry_at = retry_at


class FileRejected(DomainError):
    """A file the desk does not take; `too_large` tells size from kind."""

    def __init__(self, message: str, *, is_too_large: bool = False) -> None:
        super().__init__(message)
        self.is_too_large = is_too_large


class Unavailable(DomainError):
    """Something the desk needs is away or full; nothing was done, and later it may work."""

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
"""Every error a door must be able to say (held by a test)."""

"""What tools share: the unit of work of a call, errors for the model, and limits of output."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from mcp.server.mcpserver.exceptions import ToolError
from pydantic import ValidationError

from ticket_app.api.kit.error_renderer import seconds_to_wait
from ticket_app.api.mcp.connections import Connection
from ticket_app.core.people import directory
from ticket_app.core.platform.availability import to_unavailable_error
from ticket_app.core.platform.errors import DomainError, Forbidden, Invalid, RateLimited
from ticket_app.core.platform.operation_log import log_rejection
from ticket_app.core.platform.rate_limits import LimitCategory
from ticket_app.core.platform.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool call: the client that made it, and the name of the tool."""

    connection: Connection
    tool: str


RUNNING_CALL: ContextVar[ToolCall] = ContextVar("running_tool_call")
"""The tool call that is running."""
ME = "me"
MAX_REJECTED_LENGTH = 60


@contextmanager
def tool_call(
    *, writes: bool = False, category: LimitCategory = LimitCategory.GENERAL
) -> Generator[UnitOfWork]:
    """Open the unit of work of a tool call; errors of the core become errors for the model."""
    call, actor = RUNNING_CALL.get(), None
    try:
        with call.connection.unit_of_work(writes=writes, category=category) as uow:
            actor = uow.actor
            yield uow
    except DomainError as error:
        log_rejection(error, f"tool {call.tool}", actor)
        raise ToolError(_describe_error(error)) from None
    except ToolError:
        raise
    except Exception as exception:
        unavailable = to_unavailable_error(exception)
        if unavailable is None:
            raise
        log_rejection(unavailable, f"tool {call.tool}", actor)
        raise ToolError(_describe_error(unavailable)) from None


def _describe_error(error: DomainError) -> str:
    if isinstance(error, RateLimited):
        return f"{error.message.rstrip('.')}. Try again in {seconds_to_wait(error)} seconds."
    return f"{error.message.rstrip('.')}."


def describe_arguments_error(error: ValidationError) -> str:
    """Return what is wrong with the arguments of a call, one argument per line."""
    lines: list[str] = []
    for problem in error.errors(include_url=False, include_context=False):
        name = ".".join(map(str, problem["loc"])) or "arguments"
        value = repr(problem.get("input"))
        shown = "" if problem["type"] == "missing" else f" (was {value[:MAX_REJECTED_LENGTH]})"
        lines.append(f"{name}: {problem['msg']}{shown}")
    return "\n".join(lines)


def resolve_username(uow: UnitOfWork, argument: str, username: str) -> int:
    """Return the id of a person named by username or `me`. Raises `Forbidden`, `Invalid`."""
    if username == ME or username.casefold() == uow.actor.username.casefold():
        return uow.actor.id
    if not uow.actor.can("work_tickets"):
        raise Forbidden(f"You are not allowed to name other people as {argument}")
    person = directory.find_person_by_username(uow, username)
    if person is None:
        raise Invalid(argument, f"there is no person with the username {username}")
    return person.id


def truncate(text: str, limit: int) -> str:
    """Return the first `limit` characters of a text, followed by how many more there are."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}\n[{len(text) - limit:,} more characters]"


def format_time(moment: datetime | None) -> str | None:
    """Return a moment as RFC 3339 text in UTC."""
    return None if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}"

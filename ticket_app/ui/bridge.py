"""The bridge: the only way from an event handler to the core.

Every handler of a page is a public remote call, so each is made with `@event`, which turns errors
of the core into a message. `read` and `write` open a unit of work in a worker thread with the actor
of the tab's *current* session cookie. A test rejects handlers that are created in any other way.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import tzinfo
from typing import Concatenate, Final, ParamSpec, TypeVar, TypeVarTuple, Unpack, cast
from uuid import uuid4

import reflex as rx
import structlog
from reflex.event import EventCallback, EventSpec, EventType
from reflex_base.registry import RegistrationContext

from ticket_app.core.people.authentication import authenticate_cookie
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import DomainError, Unauthenticated
from ticket_app.core.platform.operation_log import log_rejection
from ticket_app.core.platform.unit_of_work import UnitOfWork, open_unit_of_work
from ticket_app.ui import change_feed
from ticket_app.ui.page_calls import ask_to_sign_in_again
from ticket_app.ui.tab_session import (
    browser_time_zone,
    client_address,
    is_local,
    session_secret,
    take_known_actor,
)
from ticket_app.ui.widgets import submission_finished, toast

Events = EventType | None
"""What an event handler returns: what the browser does next, one event or several, or nothing."""
FormData = dict[str, object]
"""What a form sends, by the name of its field: text, but nothing checks what a client makes up."""
P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S", bound=rx.State)
Arguments = TypeVarTuple("Arguments")
CHANNEL: Final = "web"
BRIDGED: Final = "_bridged"
SUBMISSION: Final = "_submission"


@dataclass(frozen=True, slots=True)
class TabContext:
    """The session, time zone and origin of a tab's requests."""

    session_secret: str | None
    time_zone: tzinfo | None
    is_local: bool
    address: str = ""


@dataclass(slots=True)
class LoggedCall:
    """One call into the core: the id that its lines in the log share, and who made it."""

    request_id: str
    actor: Actor | None = None


@contextmanager
def _log_rejection_of(use_case: Callable[..., object]) -> Generator[LoggedCall]:
    """Give a call an id in the log, as a request has, and log why it was rejected."""
    call = LoggedCall(str(uuid4()))
    with structlog.contextvars.bound_contextvars(request_id=call.request_id, channel=CHANNEL):
        try:
            yield call
        except DomainError as error:
            function = getattr(use_case, "func", use_case)  # of a partial
            log_rejection(error, f"{function.__module__}.{function.__qualname__}", call.actor)
            raise


def _describe_origin(uow: UnitOfWork, tab: TabContext) -> None:
    """Record in the unit of work where the call came from."""
    uow.time_zone, uow.is_local_request = tab.time_zone, tab.is_local
    uow.channel, uow.client_address = CHANNEL, tab.address


def _tab_context(page: rx.State) -> TabContext:
    return TabContext(
        session_secret(page), browser_time_zone(page), is_local(page), client_address(page)
    )


def _read(
    known_actor: Actor | None,
    tab: TabContext,
    use_case: Callable[Concatenate[UnitOfWork, P], R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    with (
        _log_rejection_of(use_case) as call,
        open_unit_of_work(writes=False, request_id=call.request_id) as uow,
    ):
        _describe_origin(uow, tab)
        uow.actor = known_actor or authenticate_cookie(uow, tab.session_secret or "")
        call.actor = uow.actor if uow.has_actor else None
        return use_case(uow, *args, **kwargs)


def _write(
    tab: TabContext,
    use_case: Callable[Concatenate[UnitOfWork, P], R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    with (
        _log_rejection_of(use_case) as call,
        open_unit_of_work(writes=True, request_id=call.request_id) as uow,
    ):
        _describe_origin(uow, tab)
        # Authenticate in the transaction itself, which may have waited long for its lock.
        uow.actor = authenticate_cookie(uow, tab.session_secret or "")
        call.actor = uow.actor if uow.has_actor else None
        return use_case(uow, *args, **kwargs)


async def read(
    page: rx.State,
    use_case: Callable[Concatenate[UnitOfWork, P], R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """Return what `use_case(uow, ...)` returns for the person at this tab; raises the core's
    errors.

    The first read of an event uses the actor that was authenticated when it began.
    """
    tab = _tab_context(page)
    return await asyncio.to_thread(
        _read, take_known_actor(tab.session_secret), tab, use_case, *args, **kwargs
    )


async def write(
    page: rx.State,
    use_case: Callable[Concatenate[UnitOfWork, P], R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """Like `read`, in a transaction that is committed when `use_case` returns."""
    tab = _tab_context(page)
    take_known_actor(tab.session_secret)  # the write may change the actor
    result = await asyncio.to_thread(_write, tab, use_case, *args, **kwargs)
    change_feed.check_now()
    return result


def event_for_error(error: DomainError) -> EventSpec:
    """Return the event for an error of the core: ask to sign in again, or show the message."""
    if isinstance(error, Unauthenticated):
        return ask_to_sign_in_again()
    return toast(error.message, tone="red")


def event(handler: Callable[[S, Unpack[Arguments]], object]) -> EventCallback[*Arguments]:
    """Return an event handler that shows the core's errors; every handler of a page is one."""
    call = cast("Callable[..., object]", handler)
    if inspect.isasyncgenfunction(call):

        @functools.wraps(handler)
        async def run_generator(self: S, *args: object, **kwargs: object) -> AsyncIterator[object]:
            try:
                async for step in call(self, *args, **kwargs):
                    yield step
            except DomainError as error:
                yield event_for_error(error)

        wrapped: Callable[..., object] = run_generator
    elif inspect.iscoroutinefunction(call):

        @functools.wraps(handler)
        async def run_async(self: S, *args: object, **kwargs: object) -> object:
            try:
                return await call(self, *args, **kwargs)
            except DomainError as error:
                return event_for_error(error)

        wrapped = run_async
    else:

        @functools.wraps(handler)
        def run_sync(self: S, *args: object, **kwargs: object) -> object:
            try:
                return call(self, *args, **kwargs)
            except DomainError as error:
                return event_for_error(error)

        wrapped = run_sync
    setattr(wrapped, BRIDGED, True)
    return rx.event(wrapped)


def submission(
    handler: Callable[[S, Unpack[Arguments]], object],
) -> EventCallback[*Arguments]:
    """Return an `event` for a form's `on_submit` that ends the busy state of the form's button."""
    call = cast("Callable[..., object]", handler)
    if inspect.isasyncgenfunction(call):

        @functools.wraps(handler)
        async def run_generator(self: S, *args: object, **kwargs: object) -> AsyncIterator[object]:
            try:
                async for step in call(self, *args, **kwargs):
                    yield step
            except DomainError as error:
                yield event_for_error(error)
            yield submission_finished()

        wrapped: Callable[..., object] = run_generator
    else:

        @functools.wraps(handler)
        async def run_async(self: S, *args: object, **kwargs: object) -> object:
            try:
                result = call(self, *args, **kwargs)
                result = await result if inspect.isawaitable(result) else result
            except DomainError as error:
                result = event_for_error(error)
            events = result if isinstance(result, list) else [result]
            return [*(event for event in events if event is not None), submission_finished()]

        wrapped = run_async
    setattr(wrapped, SUBMISSION, True)
    return event(wrapped)


def remove_setvar_handlers() -> None:
    """Remove the handlers by which a page could set any variable of a state by its name."""
    handlers = RegistrationContext.get().event_handlers
    for name in [name for name in handlers if name.endswith(".setvar")]:
        del handlers[name]

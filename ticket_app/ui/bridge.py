"""The bridge: the only way from an event handler to the core.

Every handler of a page is a public remote call, so each is made with `@event`: it turns the core's
refusals into a message, and `read` and `write` open a desk in a worker thread with the actor whom
the tab's cookie stands for *now*. A test refuses handlers made otherwise.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

import reflex as rx
from reflex_base.registry import RegistrationContext

from ticket_app.core.people import sign_in
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import DeskError, Unauthenticated
from ticket_app.core.platform.unit_of_work import Desk, open_desk
from ticket_app.ui import tail
from ticket_app.ui.page_calls import sign_in_again
from ticket_app.ui.visitor import browser_zone, is_local, just_seen, session_secret
from ticket_app.ui.widgets import settled, toast

P = ParamSpec("P")
R = TypeVar("R")
BRIDGED: Final = "_bridged"
SUBMISSION: Final = "_submission"


@dataclass(frozen=True, slots=True)
class Tab:
    """Who is at a tab, by its session's cookie, from where, and in which time zone."""

    secret: str | None
    zone: tzinfo | None
    is_local: bool


def _read(seen: Actor | None, tab: Tab, use: Callable[..., R], *args: Any, **named: Any) -> R:
    with open_desk(writes=False) as desk:
        desk.zone, desk.is_local = tab.zone, tab.is_local
        desk.actor = seen or sign_in.by_cookie(desk, tab.secret or "")
        return use(desk, *args, **named)


def _write(tab: Tab, use: Callable[..., R], *args: Any, **named: Any) -> R:
    with open_desk(writes=True) as desk:
        desk.zone, desk.is_local = tab.zone, tab.is_local
        # Asked in the transaction itself, which may have waited long for its turn.
        desk.actor = sign_in.by_cookie(desk, tab.secret or "")
        return use(desk, *args, **named)


async def read(
    page: rx.State, use: Callable[Concatenate[Desk, P], R], *args: P.args, **named: P.kwargs
) -> R:
    """What `use(desk, ...)` returns, for whoever is at this tab; raises the core's refusals.

    The first read of an event takes the actor that was found when it began, a moment ago.
    """
    tab = Tab(session_secret(page), browser_zone(page), is_local(page))
    return await asyncio.to_thread(_read, just_seen(tab.secret), tab, use, *args, **named)


async def write(
    page: rx.State, use: Callable[Concatenate[Desk, P], R], *args: P.args, **named: P.kwargs
) -> R:
    """Like `read`, in a transaction that is committed when `use` returns."""
    tab = Tab(session_secret(page), browser_zone(page), is_local(page))
    just_seen(tab.secret)  # what is written may change what the actor is
    result = await asyncio.to_thread(_write, tab, use, *args, **named)
    tail.look_now()
    return result


def refused(error: DeskError) -> Any:
    """What a page does when the core says no: sign in again, or say why."""
    if isinstance(error, Unauthenticated):
        return sign_in_again()
    return toast(error.message, tone="red")


def event(handler: Callable[..., Any]) -> Any:
    """An event handler whose refusals become messages; for every handler of every page."""
    if inspect.isasyncgenfunction(handler):

        @functools.wraps(handler)
        async def stepwise(self: rx.State, *args: Any, **named: Any) -> Any:
            try:
                async for step in handler(self, *args, **named):
                    yield step
            except DeskError as error:
                yield refused(error)

        wrapped: Any = stepwise
    elif inspect.iscoroutinefunction(handler):

        @functools.wraps(handler)
        async def once(self: rx.State, *args: Any, **named: Any) -> Any:
            try:
                return await handler(self, *args, **named)
            except DeskError as error:
                return refused(error)

        wrapped = once
    else:

        @functools.wraps(handler)
        def at_once(self: rx.State, *args: Any, **named: Any) -> Any:
            try:
                return handler(self, *args, **named)
            except DeskError as error:
                return refused(error)

        wrapped = at_once
    setattr(wrapped, BRIDGED, True)
    return rx.event(wrapped)


def submission(handler: Callable[..., Any]) -> Any:
    """An `event` for a form's `on_submit`; its end ends the busy state of the form's button."""
    if inspect.isasyncgenfunction(handler):

        @functools.wraps(handler)
        async def stepwise(self: rx.State, *args: Any, **named: Any) -> Any:
            try:
                async for step in handler(self, *args, **named):
                    yield step
            except DeskError as error:
                yield refused(error)
            yield settled()

        wrapped: Any = stepwise
    else:

        @functools.wraps(handler)
        async def once(self: rx.State, *args: Any, **named: Any) -> Any:
            try:
                result = handler(self, *args, **named)
                result = await result if inspect.isawaitable(result) else result
            except DeskError as error:
                result = refused(error)
            events = result if isinstance(result, list) else [result]
            return [*(event for event in events if event is not None), settled()]

        wrapped = once
    setattr(wrapped, SUBMISSION, True)
    return event(wrapped)


def seal() -> None:
    """Take away the handlers by which a page could set any variable of a state by its name."""
    reachable = RegistrationContext.get().event_handlers
    for name in [name for name in reachable if name.endswith(".setvar")]:
        del reachable[name]

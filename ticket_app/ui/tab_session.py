"""Whose tab this is, asked anew at every event: the cookie of the socket's handshake.

The gate (ui/security_middleware.py) already names a tab's state after its cookie, so another
session can never reach it. What is left is the session that ended while its tab stayed open.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import reflex as rx
from reflex.event import Event
from reflex.middleware import Middleware
from reflex.state import BaseState, StateUpdate

from ticket_app.core.people import sign_in
from ticket_app.core.platform import dates
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.local_requests import is_local_request
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.ui.live import watches
from ticket_app.ui.page_calls import ask_to_sign_in_again
from ticket_app.ui.routes import HOME, LOGIN, REGISTER
from ticket_app.ui.security_middleware import session_cookie, time_zone_cookie

PUBLIC_PATHS = frozenset({LOGIN, REGISTER})
MAX_REMEMBERED_TABS = 10_000
KNOWN_ACTOR_SECONDS = 1.0
"""Seconds for which the actor found at the start of an event is good for its first read."""


def session_secret(state: BaseState) -> str | None:
    """The session cookie this tab's socket was opened with; never sent to the page."""
    return session_cookie(state.router.headers.cookie)


def browser_time_zone(state: BaseState) -> ZoneInfo | None:
    """The time zone that this tab's browser named when its socket was opened."""
    return dates.find_time_zone(time_zone_cookie(state.router.headers.cookie) or "")


def is_local(state: BaseState) -> bool:
    """Whether this tab's socket was opened on this machine, by no proxy."""
    router = state.router
    return is_local_request(router.headers.raw_headers, router.session.client_ip)


@dataclass(slots=True)
class KnownActor:
    """Whom a cookie stood for when an event began: for one read, and not for long."""

    secret: str
    actor: Actor | None
    expires_at: float


_is_local: ContextVar[bool] = ContextVar("is_local", default=False)
"""Whether the event under way came from a local tab, for `session_holds`."""
_known_actor: ContextVar[KnownActor | None] = ContextVar("seen", default=None)


async def is_session_valid(secret: str) -> bool:
    """Whether the session of this cookie has neither ended nor expired."""

    def load_actor() -> Actor | None:
        with open_unit_of_work(writes=False) as uow:
            uow.is_local_request = _is_local.get()
            return sign_in.authenticate_cookie(uow, secret)

    actor = await asyncio.to_thread(load_actor)
    _known_actor.set(KnownActor(secret, actor, time.monotonic() + KNOWN_ACTOR_SECONDS))
    return actor is not None


def take_known_actor(secret: str | None) -> Actor | None:
    """Whom `session_holds` has found behind this cookie for the event under way, told once.

    What is started by an event and goes on without it shares what was told, so it is never told
    again; nor is it after a moment. Then whoever needs the actor asks the database anew.
    """
    known = _known_actor.get()
    if known is None:
        return None
    actor, known.actor = known.actor, None
    return actor if known.secret == secret and time.monotonic() < known.expires_at else None


class EndedSessionMiddleware(Middleware):
    """Empties the tab of a session that has ended, before any handler of it runs.

    `is_alive` tells, from the cookie's value, whether the session still holds.
    """

    def __init__(self, is_alive: Callable[[str], Awaitable[bool]]) -> None:
        self.is_alive = is_alive
        self._reset_tokens: dict[str, None] = {}

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:
        """Let the event pass, or forget everything and send the tab to sign in.

        A public page goes on as nobody's: what is typed there is not lost to an old cookie.
        """
        secret = session_secret(state)
        _is_local.set(is_local(state))
        if secret is None or await self.is_alive(secret):
            return None
        self._reset_tab(state._get_root_state())  # noqa: SLF001
        url = state.router.url
        if (url.path.rstrip("/") or HOME) in PUBLIC_PATHS:
            return None
        return StateUpdate(events=Event.from_event_type(ask_to_sign_in_again()))

    def _reset_tab(self, root: BaseState) -> None:
        """Forget what the tab held, once: a session that has ended never comes back."""
        token = root.router.session.client_token
        watches.remove_tab(token)
        if token not in self._reset_tokens:
            root.reset()
            self._reset_tokens[token] = None
            if len(self._reset_tokens) > MAX_REMEMBERED_TABS:
                del self._reset_tokens[next(iter(self._reset_tokens))]

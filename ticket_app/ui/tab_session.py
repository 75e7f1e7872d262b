"""Check the session of a tab at every event, from the cookie of the socket's handshake.

ui/security_middleware.py already binds a tab's state to its cookie, so that another session can
never reach it. What is left is a session that ended while its tab stayed open.
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

from ticket_app.core.people.authentication import authenticate_cookie
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
"""How long, in seconds, the actor found at the start of an event is used for its first read."""


def session_secret(state: BaseState) -> str | None:
    """Return the session cookie of the tab's socket; it is never sent to the page."""
    return session_cookie(state.router.headers.cookie)


def browser_time_zone(state: BaseState) -> ZoneInfo | None:
    """Return the browser's time zone when the tab's socket was opened."""
    return dates.find_time_zone(time_zone_cookie(state.router.headers.cookie) or "")


def is_local(state: BaseState) -> bool:
    """Return whether the tab's socket was opened on this machine, without a proxy."""
    router = state.router
    return is_local_request(router.headers.raw_headers, router.session.client_ip)


def client_address(state: BaseState) -> str:
    """Return the network address from which the tab's socket was opened."""
    return state.router.session.client_ip


@dataclass(slots=True)
class KnownActor:
    """The actor of a cookie when an event began, for one read within a moment."""

    secret: str
    actor: Actor | None
    expires_at: float


_is_local: ContextVar[bool] = ContextVar("is_local", default=False)
"""Whether the current event came from a local tab, for `check_and_remember_session`."""
_known_actor: ContextVar[KnownActor | None] = ContextVar("seen", default=None)


async def check_and_remember_session(secret: str) -> bool:
    """Return whether the session of this cookie is valid, and remember its actor for the event."""

    def load_actor() -> Actor | None:
        with open_unit_of_work(writes=False) as uow:
            uow.is_local_request = _is_local.get()
            return authenticate_cookie(uow, secret)

    actor = await asyncio.to_thread(load_actor)
    _known_actor.set(KnownActor(secret, actor, time.monotonic() + KNOWN_ACTOR_SECONDS))
    return actor is not None


def take_known_actor(secret: str | None) -> Actor | None:
    """Return the actor that `check_and_remember_session` found for the current event, once.

    Tasks that an event starts share its context, so the actor is returned only once and only for a
    moment; after that the actor is read from the database.
    """
    known = _known_actor.get()
    if known is None:
        return None
    actor, known.actor = known.actor, None
    return actor if known.secret == secret and time.monotonic() < known.expires_at else None


class EndedSessionMiddleware(Middleware):
    """Resets the tab of a session that has ended, before any of its handlers runs.

    `is_alive` returns for a cookie whether its session is still valid.
    """

    def __init__(self, is_alive: Callable[[str], Awaitable[bool]]) -> None:
        self.is_alive = is_alive
        self._reset_tokens: dict[str, None] = {}

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:
        """Pass the event on, or reset the tab and ask to sign in.

        A public page continues without a session, so that an old cookie does not lose what is
        entered there.
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
        """Reset the state of the tab, once: an ended session never becomes valid again."""
        token = root.router.session.client_token
        watches.remove_tab(token)
        if token not in self._reset_tokens:
            root.reset()
            self._reset_tokens[token] = None
            if len(self._reset_tokens) > MAX_REMEMBERED_TABS:
                del self._reset_tokens[next(iter(self._reset_tokens))]

"""The door: from a request to a desk with its actor, and from the desk's work to one commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import Depends, Request

from ticket_app.api.kit.allowance import RequestAllowance
from ticket_app.core.people import sign_in
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.database import Collision
from ticket_app.core.platform.errors import Unauthenticated
from ticket_app.core.platform.local_requests import came_directly
from ticket_app.core.platform.rate_limits import Allowance, of_person
from ticket_app.core.platform.unit_of_work import Desk, open_desk

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Door:
    """One request's way to the desk. Endpoints that need no choice take `Caller` instead."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.method = request.method

    @contextmanager
    def desk(self, *, writes: bool | None = None) -> Iterator[Desk]:
        """A desk whose actor is the caller; writes unless the method is a safe one.

        Raises `Unauthenticated`; commits when the block ends well.
        """
        chosen = self.method not in SAFE_METHODS if writes is None else writes
        self._admit()
        with open_desk(writes=chosen, request_id=self.request_id) as desk:
            desk.is_local = self._is_local
            desk.actor = self._known(desk)
            self.request.state.actor = desk.actor
            yield desk

    @contextmanager
    def strangers_desk(
        self,
        *,
        writes: bool = True,
        of: Callable[[Desk], int | None] | None = None,
        counts: bool = True,
    ) -> Iterator[Desk]:
        """A desk with nobody at it, as for signing in.

        The request is counted for the person whose id `of` tells, else for the address; not
        with `counts=False`, where the core counts the attempt (`caller.on_limit`).
        """
        if of is None and counts:
            self.count_stranger()
        with open_desk(writes=writes, request_id=self.request_id) as desk:
            desk.is_local = self._is_local
            if of is not None:
                person_id = of(desk)
                if person_id:
                    self.allowance.spend(of_person(person_id))
                else:
                    self.count_stranger()
            yield desk

    @property
    def _is_local(self) -> bool:
        return came_directly(self.request.headers, self._address)

    @property
    def request_id(self) -> str:
        """The id this request goes by in answers and logs."""
        return self.request.scope.get("request_id", "")

    @property
    def caller(self) -> sign_in.Caller:
        """Where the request comes from."""
        return sign_in.Caller(
            address=self._address,
            user_agent=self.request.headers.get("user-agent", ""),
            on_limit=self._describe_limit,
        )

    @property
    def allowance(self) -> RequestAllowance:
        """What this request uses of what its caller may."""
        return RequestAllowance(self.request.scope)

    def count_stranger(self) -> None:
        """Count this request for its address, unless it is counted. Raises `Spent`."""
        self.allowance.spend_address(self._address)

    def _describe_limit(self, allowance: Allowance | None) -> None:
        """Describe the limit in the answer; the web app's own answers describe none."""
        if self.allowance.is_limited:
            self.allowance.describe(allowance)

    def _admit(self) -> None:
        """Turn away, before a desk is opened, who brings nothing or has spent all they may."""
        credential = self.credential()
        if not credential:
            self.count_stranger()
            raise Unauthenticated
        self.allowance.recall(f"{self._address} {credential}")

    def _known(self, desk: Desk) -> Actor:
        """Who is calling, counted before anything is done for them; others by their address."""
        credential = f"{self._address} {self.credential()}"
        try:
            actor = self.identify(desk)
        except sign_in.NewcomerFound:
            raise
        except Unauthenticated:
            self.allowance.spend_address(self._address, credential)
            raise
        self.allowance.spend(of_person(actor.id), credential)
        return actor

    def credential(self) -> str:
        """What the caller brings to be known by, as it was sent."""
        headers = self.request.headers
        return headers.get("authorization", "") or headers.get("x-api-key", "").strip()

    @property
    def _address(self) -> str:
        client = self.request.client
        return client.host if client else ""

    def identify(self, desk: Desk) -> Actor:
        """Who the request's credentials stand for. Raises `Unauthenticated`."""
        bearer = self.bearer()
        if bearer:
            return sign_in.by_bearer(desk, bearer)
        api_key = self.request.headers.get("x-api-key", "").strip()
        if api_key:
            return sign_in.by_api_token(desk, api_key)
        raise Unauthenticated

    def bearer(self) -> str:
        """The bearer token as it was sent. Raises `Unauthenticated` for another scheme."""
        header = self.request.headers.get("authorization", "")
        if not header:
            return ""
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Unauthenticated("The Authorization header must read: Bearer <token>")
        return token.strip()

    def check(self) -> Actor:
        """Who is calling, before anything else is read. Raises `Unauthenticated`."""
        try:
            with self.desk(writes=False) as desk:
                return desk.actor
        except sign_in.NewcomerFound as newcomer:
            return welcome(newcomer)


def welcome(newcomer: sign_in.NewcomerFound) -> Actor:
    """Make a trusted issuer's newcomer known, in a transaction of its own."""
    try:
        with open_desk(writes=True) as desk:
            return sign_in.welcome(desk, newcomer)
    except Collision:
        with open_desk(writes=True) as desk:
            return sign_in.welcome(desk, newcomer)


class ReadingDoor(Door):
    """The door of a POST that changes nothing: it waits for no writer, and may be sent again."""

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self.method = "GET"


class SessionDoor(Door):
    """The door of the web app's own requests: the browser session's cookie counts."""

    def credential(self) -> str:
        """The cookie, or else what programs bring."""
        from ticket_app.api.kit.cookie import session_cookie

        return session_cookie(self.request) or super().credential()

    def identify(self, desk: Desk) -> Actor:
        """Who the cookie stands for, or else the bearer token. Raises `Unauthenticated`."""
        from ticket_app.api.kit.cookie import session_cookie

        actor = sign_in.by_cookie(desk, session_cookie(self.request) or "")
        return actor or super().identify(desk)


async def _door(request: Request) -> Door:
    return Door(request)


async def _reading_door(request: Request) -> ReadingDoor:
    return ReadingDoor(request)


async def _session_door(request: Request) -> SessionDoor:
    return SessionDoor(request)


Entrance = Annotated[Door, Depends(_door)]
"""For endpoints that open their desks themselves (uploads, signing in)."""

SessionEntrance = Annotated[SessionDoor, Depends(_session_door)]

Caller = Annotated[Desk, Depends(_door)]
"""The desk with the caller at it, open for the length of the endpoint (see `kit.route`)."""

ReadingCaller = Annotated[Desk, Depends(_reading_door)]
"""The same for a POST that changes nothing."""

SessionCaller = Annotated[Desk, Depends(_session_door)]


def desk_argument(endpoint: Any) -> str | None:
    """The name of the endpoint's parameter that is to be an open desk."""
    from typing import get_type_hints

    for name, hint in get_type_hints(endpoint, include_extras=True).items():
        if hint in (Caller, ReadingCaller, SessionCaller):
            return name
    return None

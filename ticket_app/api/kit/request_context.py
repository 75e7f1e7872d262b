"""Authenticate a request and open its unit of work."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Annotated, get_type_hints

from fastapi import Depends, Request

from ticket_app.api.kit.cookies import read_session_cookie
from ticket_app.api.kit.request_rate_limit import RequestRateLimit
from ticket_app.core.people.authentication import (
    authenticate_api_token,
    authenticate_bearer,
    authenticate_cookie,
)
from ticket_app.core.people.credentials import ClientInfo
from ticket_app.core.people.external_issuers import UnregisteredSubject, register_issuer_subject
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.database import ConstraintViolation
from ticket_app.core.platform.errors import Unauthenticated
from ticket_app.core.platform.local_requests import is_local_request
from ticket_app.core.platform.rate_limits import RateLimitStatus, person_key
from ticket_app.core.platform.unit_of_work import UnitOfWork, open_unit_of_work

OTHER_CHANNEL = "api"
"""The channel of requests that belong to no dialect."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class RequestContext:
    """Authenticates one request and opens units of work for it.

    Endpoints that need a single unit of work declare `AuthenticatedUow` instead.
    """

    def __init__(self, request: Request) -> None:
        self.request = request
        self.method = request.method

    @contextmanager
    def unit_of_work(self, *, writes: bool | None = None) -> Generator[UnitOfWork]:
        """Open a unit of work whose actor is the caller; read-only for safe methods by default.

        Commits when the block ends without an error. Raises `Unauthenticated`.
        """
        should_write = self.method not in SAFE_METHODS if writes is None else writes
        self._check_credential()
        with open_unit_of_work(writes=should_write, request_id=self.request_id) as uow:
            self._describe_origin(uow)
            uow.actor = self._authenticate(uow)
            self.request.state.actor = uow.actor
            yield uow

    @contextmanager
    def anonymous_unit_of_work(
        self,
        *,
        writes: bool = True,
        find_person_id: Callable[[UnitOfWork], int | None] | None = None,
        count_request: bool = True,
    ) -> Generator[UnitOfWork]:
        """Open a unit of work without an actor, for example for signing in.

        The request counts against the rate limit of the person that `find_person_id` returns, else
        of the client's address; with `count_request=False` the core counts it itself and reports to
        `client_info.on_rate_limit`.
        """
        if find_person_id is None and count_request:
            self.count_anonymous()
        with open_unit_of_work(writes=writes, request_id=self.request_id) as uow:
            self._describe_origin(uow)
            if find_person_id is not None:
                person_id = find_person_id(uow)
                if person_id:
                    self.rate_limit.count_request(person_key(person_id))
                else:
                    self.count_anonymous()
            yield uow

    def _describe_origin(self, uow: UnitOfWork) -> None:
        """Record in the unit of work where the request came from."""
        uow.is_local_request = is_local_request(self.request.headers, self._address)
        uow.channel = getattr(self.request.scope.get("route"), "channel", OTHER_CHANNEL)
        uow.client_address = self._address

    @property
    def request_id(self) -> str:
        """Return the id of this request in responses and logs."""
        return self.request.scope.get("request_id", "")

    @property
    def client_info(self) -> ClientInfo:
        """Return the address and user agent of the client."""
        return ClientInfo(
            address=self._address,
            user_agent=self.request.headers.get("user-agent", ""),
            on_rate_limit=self._describe_limit,
        )

    @property
    def rate_limit(self) -> RequestRateLimit:
        """Return the rate limit state of this request."""
        return RequestRateLimit(self.request.scope)

    def count_anonymous(self) -> None:
        """Count this request for its address, once. Raises `RateLimitExceeded`."""
        self.rate_limit.count_address(self._address)

    def _describe_limit(self, status: RateLimitStatus | None) -> None:
        """Report the limit in the response headers; the web app's own responses have none."""
        if self.rate_limit.is_limited:
            self.rate_limit.record(status)

    def _check_credential(self) -> None:
        """Reject a request without a credential or over its limit before opening a transaction."""
        credential = self.credential()
        if not credential:
            self.count_anonymous()
            raise Unauthenticated
        self.rate_limit.raise_if_exhausted(f"{self._address} {credential}")

    def _authenticate(self, uow: UnitOfWork) -> Actor:
        """Identify the caller and count the request, for the person or else for the address."""
        credential = f"{self._address} {self.credential()}"
        try:
            actor = self.identify(uow)
        except UnregisteredSubject:
            raise
        except Unauthenticated:
            self.rate_limit.count_address(self._address, credential)
            raise
        self.rate_limit.count_request(
            person_key(actor.id), credential, own_limits=actor.rate_limits
        )
        return actor

    def credential(self) -> str:
        """Return the credential as it was sent."""
        headers = self.request.headers
        return headers.get("authorization", "") or headers.get("x-api-key", "").strip()

    @property
    def _address(self) -> str:
        client = self.request.client
        return client.host if client else ""

    def identify(self, uow: UnitOfWork) -> Actor:
        """Return the actor that the credential belongs to. Raises `Unauthenticated`."""
        bearer = self.bearer()
        if bearer:
            return authenticate_bearer(uow, bearer)
        api_key = self.request.headers.get("x-api-key", "").strip()
        if api_key:
            return authenticate_api_token(uow, api_key)
        raise Unauthenticated

    def bearer(self) -> str:
        """Return the bearer token as it was sent. Raises `Unauthenticated` for another scheme."""
        header = self.request.headers.get("authorization", "")
        if not header:
            return ""
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Unauthenticated("The Authorization header must read: Bearer <token>")
        return token.strip()

    def authenticate(self) -> Actor:
        """Return the caller before anything else is read. Raises `Unauthenticated`."""
        try:
            with self.unit_of_work(writes=False) as uow:
                return uow.actor
        except UnregisteredSubject as newcomer:
            return provision_user(newcomer)


def provision_user(newcomer: UnregisteredSubject) -> Actor:
    """Create the account for a new subject of a trusted issuer, in its own transaction."""
    try:
        with open_unit_of_work(writes=True) as uow:
            return register_issuer_subject(uow, newcomer)
    except ConstraintViolation:
        with open_unit_of_work(writes=True) as uow:
            return register_issuer_subject(uow, newcomer)


class ReadOnlyRequestContext(RequestContext):
    """The context of a POST that changes nothing: it takes no write lock and can be retried."""

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self.method = "GET"


class SessionRequestContext(RequestContext):
    """The context of the web app's own requests, which also accepts the session cookie."""

    def credential(self) -> str:
        """Return the session cookie, or else the credential of the headers."""
        return read_session_cookie(self.request) or super().credential()

    def identify(self, uow: UnitOfWork) -> Actor:
        """Return the actor of the cookie, or else of the bearer token. Raises `Unauthenticated`."""
        actor = authenticate_cookie(uow, read_session_cookie(self.request) or "")
        return actor or super().identify(uow)


async def _request_context(request: Request) -> RequestContext:
    return RequestContext(request)


async def _read_only_request_context(request: Request) -> ReadOnlyRequestContext:
    return ReadOnlyRequestContext(request)


async def _session_request_context(request: Request) -> SessionRequestContext:
    return SessionRequestContext(request)


RequestContextDep = Annotated[RequestContext, Depends(_request_context)]
"""For endpoints that open their units of work themselves (uploads, signing in)."""

SessionRequestContextDep = Annotated[SessionRequestContext, Depends(_session_request_context)]

AuthenticatedUow = Annotated[UnitOfWork, Depends(_request_context)]
"""A unit of work whose actor is the caller, open while the endpoint runs (see `kit.route`)."""

ReadOnlyUow = Annotated[UnitOfWork, Depends(_read_only_request_context)]
"""The same for a POST that changes nothing."""

SessionUow = Annotated[UnitOfWork, Depends(_session_request_context)]


def find_uow_parameter(endpoint: Callable[..., object]) -> str | None:
    """Return the name of the endpoint's parameter that takes a unit of work."""
    for name, hint in get_type_hints(endpoint, include_extras=True).items():
        if hint in (AuthenticatedUow, ReadOnlyUow, SessionUow):
            return name
    return None

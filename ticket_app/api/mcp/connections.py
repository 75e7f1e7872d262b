"""Whom a tool call acts for: the token of the HTTP request, or the one of the stdio process."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol
from uuid import uuid4

import structlog
from fastapi import Request

from ticket_app.api.kit.request_context import RequestContext, provision_user
from ticket_app.core.people.authentication import authenticate_bearer
from ticket_app.core.people.external_issuers import UnregisteredSubject
from ticket_app.core.platform import rate_limits
from ticket_app.core.platform.errors import Unauthenticated
from ticket_app.core.platform.rate_limits import LimitCategory, person_key
from ticket_app.core.platform.unit_of_work import UnitOfWork, open_unit_of_work

CHANNEL = "mcp"


class Connection(Protocol):
    """Opens units of work for one client of the MCP server."""

    def unit_of_work(
        self, *, writes: bool, category: LimitCategory
    ) -> AbstractContextManager[UnitOfWork]:
        """Open a unit of work whose actor is the owner of the token, and count the call."""
        ...


class HttpConnection:
    """A client of `/mcp`. The endpoint has counted the request as General API already."""

    def __init__(self, request: Request) -> None:
        self._context = RequestContext(request)

    @contextmanager
    def unit_of_work(self, *, writes: bool, category: LimitCategory) -> Generator[UnitOfWork]:
        """Open a unit of work whose actor is the owner of the request's token."""
        with self._context.unit_of_work(writes=writes) as uow:
            uow.channel = CHANNEL
            if category is not LimitCategory.GENERAL:
                rate_limits.count_request(category, person_key(uow.actor.id), uow.actor.rate_limits)
            yield uow


class StdioConnection:
    """The client that started this process, with the token that it passed."""

    def __init__(self, token: str) -> None:
        self._token = token

    @contextmanager
    def unit_of_work(self, *, writes: bool, category: LimitCategory) -> Generator[UnitOfWork]:
        """Open a unit of work whose actor is the owner of the token."""
        request_id = str(uuid4())
        with (
            structlog.contextvars.bound_contextvars(request_id=request_id, channel=CHANNEL),
            open_unit_of_work(writes=writes, request_id=request_id) as uow,
        ):
            uow.channel = CHANNEL
            uow.actor = authenticate_bearer(uow, self._token)
            rate_limits.count_request(category, person_key(uow.actor.id), uow.actor.rate_limits)
            yield uow

    def check_token(self) -> None:
        """Raise `Unauthenticated` for an invalid token; create the account of a new subject."""
        if not self._token:
            raise Unauthenticated("Set TICKET_MCP_TOKEN to an API token from your profile")
        try:
            with open_unit_of_work(writes=False) as uow:
                authenticate_bearer(uow, self._token)
        except UnregisteredSubject as newcomer:
            provision_user(newcomer)

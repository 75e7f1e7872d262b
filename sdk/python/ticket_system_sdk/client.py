"""The clients, with an attribute for each group of endpoints."""

from __future__ import annotations

from types import TracebackType
from typing import Generic, Self

import httpx

from ticket_system_sdk.approvals import Approvals
from ticket_system_sdk.attachments import Attachments
from ticket_system_sdk.auth import Auth
from ticket_system_sdk.comments import Comments
from ticket_system_sdk.credentials import Credentials
from ticket_system_sdk.exchange import Exchange
from ticket_system_sdk.reports import Reports
from ticket_system_sdk.retries import Retries
from ticket_system_sdk.tickets import Tickets
from ticket_system_sdk.transport import AsyncTransport, Transport, TransportT
from ticket_system_sdk.webhooks import Webhooks


class BaseClient(Generic[TransportT]):
    """What both clients have."""

    def __init__(self, base_url: str, transport: TransportT) -> None:
        self.base_url = base_url
        self._transport: TransportT = transport
        self.auth = Auth(transport)
        self.tickets = Tickets(transport)
        self.comments = Comments(transport)
        self.attachments = Attachments(transport)
        self.approvals = Approvals(transport)
        self.reports = Reports(transport)
        self.webhooks = Webhooks(transport)

    def set_token(self, access_token: str | None, refresh_token: str | None = None) -> None:
        """Use this access token, and renew it if its refresh token is given.

        The access token of the last login keeps the refresh token that came with it.
        """
        self._transport.exchange.credentials.use(access_token, refresh_token)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.base_url!r})"


class TicketSystemClient(BaseClient[Transport]):
    """A client for the Enterprise Ticket Management System's API. Safe to share between threads.

    Authenticates with `api_key`, or with an access token from `auth.login` or `set_token`, which
    takes precedence. A request without a response, or with a temporary error, is sent again up to
    `retries` times, with growing pauses; a POST carries an `Idempotency-Key`, so that it takes
    effect once. If the server asks for a pause longer than `max_wait` seconds, its error is raised.
    `timeout` applies to each step of a request, in seconds. `http` is an `httpx.Client` of your own
    (for proxies or certificates); you close it.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str | None = None,
        *,
        timeout: float = 30.0,
        retries: int = 3,
        first_wait: float = 0.5,
        max_wait: float = 60.0,
        http: httpx.Client | None = None,
    ) -> None:
        exchange = Exchange(
            base_url,
            credentials=Credentials(api_key),
            retries=Retries(max_retries=retries, first_wait=first_wait, max_wait=max_wait),
            timeout=timeout,
        )
        super().__init__(base_url, Transport(exchange, http))

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class AsyncTicketSystemClient(BaseClient[AsyncTransport]):
    """`TicketSystemClient` for asyncio and trio: its methods are awaited, the arguments the same.

    `await client.tickets.list()` returns a page whose `all()` is an asynchronous iterator. Tasks
    may share a client. `http` is an `httpx.AsyncClient` of your own; you close it.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str | None = None,
        *,
        timeout: float = 30.0,
        retries: int = 3,
        first_wait: float = 0.5,
        max_wait: float = 60.0,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        exchange = Exchange(
            base_url,
            credentials=Credentials(api_key),
            retries=Retries(max_retries=retries, first_wait=first_wait, max_wait=max_wait),
            timeout=timeout,
        )
        super().__init__(base_url, AsyncTransport(exchange, http))

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

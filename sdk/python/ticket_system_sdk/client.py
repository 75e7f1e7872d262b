"""The client: one object a desk, with a part for each chapter of the API."""

from __future__ import annotations

from types import TracebackType

import httpx

from ticket_system_sdk.approvals import Approvals
from ticket_system_sdk.attachments import Attachments
from ticket_system_sdk.auth import Auth
from ticket_system_sdk.comments import Comments
from ticket_system_sdk.credentials import Credentials
from ticket_system_sdk.reports import Reports
from ticket_system_sdk.retries import Retries
from ticket_system_sdk.tickets import Tickets
from ticket_system_sdk.transport import Transport
from ticket_system_sdk.webhooks import Webhooks


class TicketSystemClient:
    """The Enterprise Ticket Management System's API. Safe to share between threads.

    Asks with `api_key`, or with the access token of `auth.login` or `set_token`, which comes first.
    A request that got no answer, or one that says "not now", is sent again (`retries` times, with
    growing pauses); a POST carries an `Idempotency-Key`, so that it has its effect once. A pause
    longer than `longest_wait` seconds is not made: the refusal is raised instead.
    `timeout` is for each step of a request, in seconds. `http` is a client of your own (proxies,
    certificates), which stays yours to close.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str | None = None,
        *,
        timeout: float = 30.0,
        retries: int = 3,
        first_wait: float = 0.5,
        longest_wait: float = 60.0,
        http: httpx.Client | None = None,
    ) -> None:
        self.base_url = base_url
        self._credentials = Credentials(api_key)
        self._transport = Transport(
            base_url,
            credentials=self._credentials,
            retries=Retries(most=retries, first_wait=first_wait, longest_wait=longest_wait),
            timeout=timeout,
            http=http,
        )
        self.auth = Auth(self._transport)
        self.tickets = Tickets(self._transport)
        self.comments = Comments(self._transport)
        self.attachments = Attachments(self._transport)
        self.approvals = Approvals(self._transport)
        self.reports = Reports(self._transport)
        self.webhooks = Webhooks(self._transport)

    def set_token(self, access_token: str | None, refresh_token: str | None = None) -> None:
        """Ask as whom this access token stands for; with its refresh token, beyond its hour.

        The token of the last login keeps the refresh token that came with it.
        """
        self._credentials.use(access_token, refresh_token)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def __enter__(self) -> TicketSystemClient:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"TicketSystemClient({self.base_url!r})"

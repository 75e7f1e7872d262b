"""Carries out exchanges: `Transport` blocks, `AsyncTransport` does not."""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from threading import Lock
from typing import Any, ParamSpec, TypeVar

import anyio
import httpx

from ticket_system_sdk.errors import ConnectionFailed
from ticket_system_sdk.exchange import Exchange, Flow, Renewal, Send, Step, Wait
from ticket_system_sdk.files import open_download
from ticket_system_sdk.model import M
from ticket_system_sdk.operation import Listing, Operation, data_of
from ticket_system_sdk.page import AsyncPage, Page, parse_async_page, parse_page

P = ParamSpec("P")
T = TypeVar("T")


def _interrupted(error: httpx.TransportError) -> ConnectionFailed:
    return ConnectionFailed(f"the response was interrupted: {error}", was_sent=True)


class Transport:
    """Runs operations one after the other in the calling thread. Safe to share between threads."""

    def __init__(self, exchange: Exchange, http: httpx.Client | None) -> None:
        self.exchange = exchange
        self._owns_http = http is None
        self._http = http or httpx.Client()
        self._renewal_lock = Lock()

    def close(self) -> None:
        """Close the connections, unless the HTTP client was passed in."""
        if self._owns_http:
            self._http.close()

    def method(self, prepare: Callable[P, Operation[T]]) -> Callable[P, T]:
        """Return a function that runs the operation of its arguments."""
        return lambda *args, **fields: self.run(prepare(*args, **fields))

    def listing(self, prepare: Callable[P, Listing[M]]) -> Callable[P, Page[M]]:
        """Return a function that fetches the page of its arguments."""
        return lambda *args, **fields: self.page(prepare(*args, **fields))

    def run(self, operation: Operation[T]) -> T:
        """Return the result of an operation. Raises `TicketSystemError`, `OSError`."""
        stream = operation.to is not None
        with operation.prepared() as call:
            flow = self.exchange.send(call, self._http.build_request, stream=stream)
            response = self._carry_out(flow)
        if operation.to is not None:
            try:
                with open_download(operation.to) as file:
                    for chunk in response.iter_bytes():
                        file.write(chunk)
            except httpx.TransportError as error:
                raise _interrupted(error) from error
            finally:
                response.close()
        return operation.parse(response)

    def page(self, listing: Listing[M]) -> Page[M]:
        """Return a page of a list. Raises `TicketSystemError`."""
        data = self.run(Operation(listing.call, data_of))
        return parse_page(listing.model, data, lambda page: self.page(listing.for_page(page)))

    def _carry_out(self, flow: Flow[T]) -> T:
        """Carry out the steps of a flow and return its result."""
        try:
            step = next(flow)
            while True:
                try:
                    result = self._do(step)
                except httpx.TransportError as error:
                    step = flow.throw(error)
                else:
                    step = flow.send(result)
        except StopIteration as end:
            return end.value

    def _do(self, step: Step) -> Any:
        match step:
            case Send(request, stream):
                response = self._http.send(request, stream=stream, follow_redirects=False)
                if stream and not response.is_success:
                    response.read()
                return response
            case Wait(seconds):
                return time.sleep(seconds)
            case Renewal(rejected):
                with self._renewal_lock:
                    flow = self.exchange.renewal(rejected, self._http.build_request)
                    return self._carry_out(flow)


class AsyncTransport:
    """Runs operations of many tasks side by side, on asyncio or trio."""

    def __init__(self, exchange: Exchange, http: httpx.AsyncClient | None) -> None:
        self.exchange = exchange
        self._owns_http = http is None
        self._http = http or httpx.AsyncClient()
        self._renewal_lock = anyio.Lock()

    async def close(self) -> None:
        """Close the connections, unless the HTTP client was passed in."""
        if self._owns_http:
            await self._http.aclose()

    def method(self, prepare: Callable[P, Operation[T]]) -> Callable[P, Coroutine[Any, Any, T]]:
        """Return a function that runs the operation of its arguments."""

        async def run(*args: P.args, **fields: P.kwargs) -> T:
            return await self.run(prepare(*args, **fields))

        return run

    def listing(
        self, prepare: Callable[P, Listing[M]]
    ) -> Callable[P, Coroutine[Any, Any, AsyncPage[M]]]:
        """Return a function that fetches the page of its arguments."""

        async def fetch(*args: P.args, **fields: P.kwargs) -> AsyncPage[M]:
            return await self.page(prepare(*args, **fields))

        return fetch

    async def run(self, operation: Operation[T]) -> T:
        """Return the result of an operation. Raises `TicketSystemError`, `OSError`."""
        stream = operation.to is not None
        with operation.prepared() as call:
            flow = self.exchange.send(call, self._http.build_request, stream=stream)
            response = await self._carry_out(flow)
        if operation.to is not None:
            try:
                with open_download(operation.to) as file:
                    async for chunk in response.aiter_bytes():
                        file.write(chunk)
            except httpx.TransportError as error:
                raise _interrupted(error) from error
            finally:
                await response.aclose()
        return operation.parse(response)

    async def page(self, listing: Listing[M]) -> AsyncPage[M]:
        """Return a page of a list. Raises `TicketSystemError`."""
        data = await self.run(Operation(listing.call, data_of))
        return parse_async_page(listing.model, data, lambda page: self.page(listing.for_page(page)))

    async def _carry_out(self, flow: Flow[T]) -> T:
        """Carry out the steps of a flow and return its result."""
        try:
            step = next(flow)
            while True:
                try:
                    result = await self._do(step)
                except httpx.TransportError as error:
                    step = flow.throw(error)
                else:
                    step = flow.send(result)
        except StopIteration as end:
            return end.value

    async def _do(self, step: Step) -> Any:
        match step:
            case Send(request, stream):
                response = await self._http.send(request, stream=stream, follow_redirects=False)
                if stream and not response.is_success:
                    await response.aread()
                return response
            case Wait(seconds):
                return await anyio.sleep(seconds)
            case Renewal(rejected):
                async with self._renewal_lock:
                    flow = self.exchange.renewal(rejected, self._http.build_request)
                    return await self._carry_out(flow)


TransportT = TypeVar("TransportT", Transport, AsyncTransport)

"""The official MCP client, connected to the API under test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import anyio
import httpx2
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client

ADDRESS = "http://127.0.0.1:8000"
Result = TypeVar("Result")


@asynccontextmanager
async def http_client(
    token: str | None,
    *,
    app: Any = None,
    address: str = ADDRESS,
    mode: str = "auto",
    **headers: str,
) -> AsyncIterator[Client]:
    """A client of `/mcp`: of an application in this process, or of a server at `address`."""
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    transport = httpx2.ASGITransport(app=app) if app is not None else None
    async with (
        httpx2.AsyncClient(transport=transport, headers=headers, timeout=30) as connection,
        Client(streamable_http_client(f"{address}/mcp", http_client=connection), mode=mode) as one,
    ):
        yield one


class ToolFailed(Exception):
    """The tool reported an error to the model."""


async def call(client: Client, tool: str, **arguments: Any) -> Any:
    """What a tool returns. Raises `ToolFailed` with the message that the model reads."""
    return unwrap(await client.call_tool(tool, arguments))


def unwrap(result: Any) -> Any:
    """What a tool returned. Raises `ToolFailed`; inside a client that is in an exception group."""
    if result.is_error:
        raise ToolFailed(result.content[0].text)
    return result.structured_content


def run(use: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Run a coroutine function to its end."""
    return anyio.run(use)

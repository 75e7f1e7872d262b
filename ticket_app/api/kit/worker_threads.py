"""Limit the worker threads of one process, which share one interpreter lock."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from anyio import to_thread

from ticket_app.settings import settings


@asynccontextmanager
async def limit_worker_threads(_app: object = None) -> AsyncGenerator[None]:
    """Limit the worker threads of the running event loop to `TICKET_DATABASE_THREADS`."""
    to_thread.current_default_thread_limiter().total_tokens = settings().database_threads
    yield

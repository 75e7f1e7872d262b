"""How many requests work at once in one process: few, as they share one interpreter."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from anyio import to_thread

from ticket_app.settings import settings


@asynccontextmanager
async def limit_worker_threads(_app: Any = None) -> AsyncIterator[None]:
    """Bound the worker threads of the running loop to `TICKET_DATABASE_THREADS`."""
    to_thread.current_default_thread_limiter().total_tokens = settings().database_threads
    yield

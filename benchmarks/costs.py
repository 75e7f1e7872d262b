"""Measure one request: its statements and CPU time, with the API in this process.

    python benchmarks/costs.py [--times 200] [--only create ...] [--show create] [--profile create]

Uses the database of TICKET_DATABASE_URL, filled by `load.py`; the tickets it creates stay. Prints
the statements and the CPU time of a request: the tenth percentile, which is the cost on an idle
machine. `--show` prints each statement of one request with its time, `--profile` where the time of
many requests goes.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import json
import os
import pstats
import random
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import fastapi.routing
from sqlalchemy import event, func, select

from benchmarks.load import WORDS
from ticket_app.api.app import build_api
from ticket_app.core.people.actors import ROLE_PERMISSIONS_COLUMN, build_actor
from ticket_app.core.people.api_tokens import create_api_token
from ticket_app.core.people.rows import ActorRow
from ticket_app.core.platform import database
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.tables import person_table, ticket_table

DICE = random.Random(5)


@dataclass(frozen=True)
class Request:
    """One kind of request; `body` and `path` are built for each request."""

    name: str
    method: str
    path: Callable[[], str]
    body: Callable[[], Any] = lambda: None


def some(count: int) -> str:
    """Return a text of so many words."""
    return " ".join(DICE.choice(WORDS) for _ in range(count))


def requests(newest: int) -> list[Request]:
    """Return requests of the Enterprise document's clients, and two of Centcom's."""

    def ticket() -> int:
        return DICE.randint(max(1, newest - 50_000), newest)

    def new() -> dict[str, Any]:
        return {
            "title": some(4),
            "description": some(60),
            "priority": "high",
            "ticket_type": "incident",
            "tags": ["benchmark", DICE.choice(WORDS)],
        }

    def wanted() -> dict[str, Any]:
        return {
            "query": some(2),
            "filters": {"status": ["open", "in_progress"], "priority": ["high", "critical"]},
            "sort": [{"field": "priority"}, {"field": "created_at"}],
        }

    words = ("low", "medium", "high", "critical")
    return [
        Request("list", "GET", lambda: "/tickets?size=25"),
        Request("filter", "GET", lambda: "/tickets?size=25&status=open&priority=high"),
        Request("deep", "GET", lambda: f"/tickets?size=25&page={DICE.randint(100, 3000)}"),
        Request("words", "GET", lambda: f"/tickets?size=25&search={some(2).replace(' ', '+')}"),
        Request("search", "POST", lambda: "/tickets/search", wanted),
        Request("detail", "GET", lambda: f"/tickets/{ticket()}"),
        Request("create", "POST", lambda: "/tickets", new),
        Request("comment", "POST", lambda: f"/comments/ticket/{ticket()}",
                lambda: {"content": some(30)}),
        Request("patch", "PATCH", lambda: f"/tickets/{ticket()}",
                lambda: {"priority": DICE.choice(words)}),
        Request("status", "PATCH", lambda: f"/tickets/{ticket()}",
                lambda: {"status": DICE.choice(("open", "in_progress", "resolved"))}),
        Request("dashboard", "GET", lambda: "/reports/dashboard?period=30d"),
        Request("centcom detail", "GET", lambda: f"/api/tickets/{ticket()}"),
        Request("bmasia list", "GET", lambda: "/api/v1/tickets/?limit=25"),
    ]  # fmt: skip


class ApiClient:
    """Calls an ASGI application as a server would."""

    def __init__(self, token: str) -> None:
        self.app = build_api()
        self.token = token

    async def send(self, request: Request) -> int:
        """Send one request; return the status of its response."""
        content = request.body()
        body = b"" if content is None else json.dumps(content).encode()
        path, _, query = request.path().partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
            "headers": [
                (b"host", b"desk"),
                (b"authorization", b"Bearer " + self.token.encode()),
                (b"content-type", b"application/json"),
                (b"content-length", str(len(body)).encode()),
            ],
        }
        status = 0

        async def receive() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send_response(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]

        await self.app(scope, receive, send_response)
        return status


class Statements:
    """Every statement that the engine runs, with its time."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, float]] = []
        self._began = 0.0
        engine = database.get_engine()
        event.listen(engine, "before_cursor_execute", self._before)
        event.listen(engine, "after_cursor_execute", self._after)

    def _before(self, *_: Any) -> None:
        self._began = time.perf_counter()

    def _after(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self.seen.append((statement, time.perf_counter() - self._began))


def create_token() -> str:
    """Return a new API token of the loader's agent, who may read reports."""
    with redirect_stdout(sys.stderr), open_unit_of_work(writes=True) as uow:
        statement = select(person_table, ROLE_PERMISSIONS_COLUMN)
        person = uow.one_row(statement.where(person_table.c.username == "bench"), of=ActorRow)
        uow.actor = build_actor(person)
        return create_api_token(uow, "costs")[0]


def inline_profile() -> cProfile.Profile:
    """Return a profile that includes endpoints: from now on they run in the event loop's thread."""

    async def inline(work: Callable[..., Any], *args: Any, **named: Any) -> Any:
        return work(*args, **named)

    fastapi.routing.run_in_threadpool = inline  # type: ignore[attr-defined]
    return cProfile.Profile()


async def print_costs(arguments: argparse.Namespace) -> None:
    """Print a line for each kind of request."""
    token = create_token()
    with open_unit_of_work(writes=False) as uow:
        newest = uow.connection.execute(select(func.max(ticket_table.c.id))).scalar_one()
    statements = Statements()
    client = ApiClient(token)
    print(f"{'request':<16}{'statements':>11}{'cpu ms':>9}{'tenth ms':>10}{'status':>8}")
    for request in requests(newest):
        if arguments.only and request.name not in arguments.only:
            continue
        for _ in range(20):
            await client.send(request)
        statements.seen.clear()
        await client.send(request)
        one = list(statements.seen)
        statements.seen.clear()
        taken, statuses = [], set()
        profile = inline_profile() if request.name == arguments.profile else None
        began = time.process_time()
        if profile:
            profile.enable()
        for _ in range(arguments.times):
            start = time.perf_counter()
            statuses.add(await client.send(request))
            taken.append(time.perf_counter() - start)
        if profile:
            profile.disable()
        cpu = (time.process_time() - began) / arguments.times * 1000
        tenth = sorted(taken)[len(taken) // 10] * 1000
        print(
            f"{request.name:<16}{len(statements.seen) / arguments.times:>11.1f}{cpu:>9.2f}"
            f"{tenth:>10.2f}  {' '.join(map(str, sorted(statuses)))}"
        )
        if request.name == arguments.show:
            for statement, seconds in one:
                print(f"  {seconds * 1000:>7.2f} ms  {' '.join(statement.split())[:230]}")
        if profile:
            pstats.Stats(profile).sort_stats(os.environ.get("SORT", "tottime")).print_stats(
                int(os.environ.get("ROWS", "45"))
            )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--show", default="")
    parser.add_argument("--profile", default="")
    arguments = parser.parse_args()
    for name in ("GENERAL", "UPLOADS", "SEARCHES", "REPORTS"):
        # Counted and reported as usual, but never exhausted.
        os.environ[f"TICKET_RATE_{name}_PER_HOUR"] = "100000000"
    asyncio.run(print_costs(arguments))


if __name__ == "__main__":
    main()

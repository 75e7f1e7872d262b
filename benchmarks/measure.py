"""Measure the product over HTTP, relative to a bare endpoint in the same run.

    python benchmarks/measure.py 100000 [--seconds 5] [--connections 1 16] [--workers 2] [--database
URL] [--only "e list" ...]

Loads N tickets (benchmarks/load.py; kept under `bench` in TICKET_VAR unless a URL is given), serves
the API with granian as the product does (sign-in, policy, log, limits), and sends requests from
this process over persistent loopback connections. Prints for each operation requests per second,
p50 and p95 in milliseconds, CPU time of the server per request, and its share of `/healthz`
measured directly before; names that begin with `e` are operations of the Enterprise document.
Compare figures of one run only, not of different machines.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HOST, PORT = "127.0.0.1", int(os.environ.get("PORT") or 8399)
WORDS = ("printer", "router", "invoice", "password", "export", "battery", "monitor", "firewall")


@dataclass(frozen=True)
class Operation:
    """One kind of request; `make` returns the bytes of the next request."""

    name: str
    make: Callable[[], bytes]


def request(method: str, path: str, token: str = "", body: Any = None) -> bytes:
    """Return an HTTP/1.1 request as bytes."""
    sent = b"" if body is None else json.dumps(body).encode()
    head = [f"{method} {path} HTTP/1.1", f"Host: {HOST}:{PORT}"]
    if token:
        head.append(f"Authorization: Bearer {token}")
    if body is not None:
        head += ["Content-Type: application/json", f"Content-Length: {len(sent)}"]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + sent


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sent: bytes) -> int:
    """Send a request, read the whole response, return its status."""
    writer.write(sent)
    head = await reader.readuntil(b"\r\n\r\n")
    lower = head.lower()
    at = lower.find(b"content-length:")
    if at >= 0:
        await reader.readexactly(int(lower[at + 15 : lower.index(b"\r\n", at)]))
    return int(head[9:12])


async def load_with(operation: Operation, connections: int, seconds: float) -> dict[str, Any]:
    """Run a closed loop: each connection sends, reads, and sends again until the time is up."""
    times: list[float] = []
    statuses: dict[int, int] = {}
    until = time.perf_counter() + seconds

    async def loop() -> None:
        reader, writer = await asyncio.open_connection(HOST, PORT, limit=1 << 22)
        while (began := time.perf_counter()) < until:
            status = await ask(reader, writer, operation.make())
            times.append(time.perf_counter() - began)
            statuses[status] = statuses.get(status, 0) + 1
        writer.close()

    await asyncio.gather(*(loop() for _ in range(connections)))
    times.sort()
    return {
        "per_second": len(times) / seconds,
        "p50_ms": 1000 * times[len(times) // 2],
        "p95_ms": 1000 * times[int(len(times) * 0.95)],
        "requests": len(times),
        "bad": sum(count for status, count in statuses.items() if status >= 400),
    }


def server_cpu(pid: int) -> float:
    """Return the CPU seconds used so far by a process and its children."""
    ticks = 0
    pids = [pid]
    pids += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
    for one in pids:
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> list[int]:
    """Return the resident memory of each worker, in MB."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    sizes = []
    for child in children:
        line = next(
            line
            for line in Path(f"/proc/{child}/status").read_text().splitlines()
            if line.startswith("VmRSS")
        )
        sizes.append(int(line.split()[1]) // 1024)
    return sizes


def operations(staff: str, user: str, tickets: list[str], far: str) -> list[Operation]:
    """Return operations of Centcom's users and of BMAsia's and Enterprise's staff.

    `far` is the address of a page far into the Enterprise list.
    """
    chance = random.Random(3)
    numbers = itertools.count()

    def some_ticket() -> str:
        return chance.choice(tickets)

    def create() -> bytes:
        body = {
            "title": f"{chance.choice(WORDS)} {chance.choice(WORDS)} stopped, case {next(numbers)}",
            "description": " ".join(chance.choice(WORDS) for _ in range(60)),
            "ticket_type": "bug",
            "priority": "high",
            "application_section": "reporting",
            "tags": ["benchmark", chance.choice(WORDS)],
        }
        return request("POST", "/api/tickets", staff, body)

    def comment() -> bytes:
        body = {"content": " ".join(chance.choice(WORDS) for _ in range(30))}
        return request("POST", f"/api/tickets/{some_ticket()}/comments", staff, body)

    def search() -> bytes:
        words = f"{chance.choice(WORDS)}+{chance.choice(WORDS)}"
        return request("GET", f"/api/v1/tickets/?limit=25&search={words}", staff)

    def file() -> bytes:
        body = {
            "title": f"{chance.choice(WORDS)} {chance.choice(WORDS)} stopped, case {next(numbers)}",
            "description": " ".join(chance.choice(WORDS) for _ in range(60)),
            "ticket_type": "incident",
            "priority": "high",
            "tags": ["benchmark", chance.choice(WORDS)],
        }
        return request("POST", "/tickets", staff, body)

    def staff_comment() -> bytes:
        body = {"content": " ".join(chance.choice(WORDS) for _ in range(30))}
        return request("POST", f"/comments/ticket/{some_ticket()}", staff, body)

    def advanced() -> bytes:
        body = {
            "query": f"{chance.choice(WORDS)} {chance.choice(WORDS)}",
            "filters": {"status": ["open", "in_progress"]},
            "sort": [{"field": "priority"}, {"field": "created_at"}],
            "size": 25,
        }
        return request("POST", "/tickets/search", staff, body)

    def simple() -> bytes:
        words = f"{chance.choice(WORDS)}+{chance.choice(WORDS)}"
        return request("GET", f"/tickets?size=25&search={words}", staff)

    return [
        Operation("list", lambda: request("GET", "/api/tickets?limit=25", user)),
        Operation(
            "filter",
            lambda: request("GET", "/api/tickets?limit=25&status=open&ticket_type=bug", user),
        ),
        Operation("deep page", lambda: request("GET", "/api/tickets?limit=25&offset=400", user)),
        Operation("detail", lambda: request("GET", f"/api/tickets/{some_ticket()}", user)),
        Operation("desk list", lambda: request("GET", "/api/v1/tickets/?limit=25", staff)),
        Operation(
            "desk filter",
            lambda: request(
                "GET", "/api/v1/tickets/?limit=25&status=in_progress&priority=high", staff
            ),
        ),
        Operation("desk search", search),
        Operation("create", create),
        Operation("comment", comment),
        Operation("e list", lambda: request("GET", "/tickets?size=25", staff)),
        Operation(
            "e filter",
            lambda: request("GET", "/tickets?size=25&status=open&priority=high", staff),
        ),
        Operation("e far", lambda: request("GET", far, staff)),
        Operation("e search", simple),
        Operation("e advanced", advanced),
        Operation("e detail", lambda: request("GET", f"/tickets/{some_ticket()}", staff)),
        Operation("e create", file),
        Operation("e comment", staff_comment),
        Operation("e board", lambda: request("GET", "/reports/dashboard?period=30d", staff)),
    ]


def start_server(database: str, workers: int, var: Path) -> subprocess.Popen[bytes]:
    """Serve the API as the product does, on a free port."""
    environment = {
        **os.environ,
        "TICKET_DATABASE_URL": database,
        "TICKET_VAR": str(var),
        "TICKET_SUBMISSIONS_PER_HOUR": "100000000",
        # Counted and reported as usual, but never exhausted.
        "TICKET_RATE_GENERAL_PER_HOUR": "100000000",
        "TICKET_RATE_UPLOADS_PER_HOUR": "100000000",
        "TICKET_RATE_SEARCHES_PER_HOUR": "100000000",
        "TICKET_RATE_REPORTS_PER_HOUR": "100000000",
        "PYTHONPATH": str(ROOT),
    }
    command = [
        str(Path(sys.executable).parent / "granian"),
        "--interface=asgi",
        "--factory",
        f"--workers={workers}",
        f"--port={PORT}",
        "--log-level=warning",
        "ticket_app.api.app:build_api",
    ]
    return subprocess.Popen(command, cwd=ROOT, env=environment)


async def until_ready() -> None:
    """Wait until the server responds."""
    for _ in range(300):
        try:
            reader, writer = await asyncio.open_connection(HOST, PORT)
            await ask(reader, writer, request("GET", "/healthz"))
            writer.close()
        except OSError:
            await asyncio.sleep(0.1)
        else:
            return
    raise SystemExit("the server did not start")


async def fetch(path: str, token: str) -> tuple[bytes, Any]:
    """Return the head of a response and its parsed body."""
    reader, writer = await asyncio.open_connection(HOST, PORT, limit=1 << 22)
    writer.write(request("GET", path, token))
    head = await reader.readuntil(b"\r\n\r\n")
    lower = head.lower()
    at = lower.find(b"content-length:")
    body = await reader.readexactly(int(lower[at + 15 : lower.index(b"\r\n", at)]))
    writer.close()
    return head, json.loads(body)


async def tickets_of(token: str) -> list[str]:
    """Return the ids of the tickets that the user has created."""
    _, parsed = await fetch("/api/tickets?limit=100", token)
    return [ticket["id"] for ticket in parsed["tickets"]]


async def far_page(token: str, tickets: int) -> str:
    """Return the address of a page nine tenths into the Enterprise list, as a `Link` header gives
    it.
    """
    page = max(1, tickets * 9 // 10 // 25)
    head, _ = await fetch(f"/tickets?size=25&page={page}", token)
    found = re.search(rb"(?i)\r\nlink: <https?://[^/]+([^>]+)>", head)
    return found.group(1).decode() if found else f"/tickets?size=25&page={page}"


async def measure(arguments: argparse.Namespace, accounts: dict[str, Any], pid: int) -> None:
    """Measure every operation with every number of connections, each after the bare endpoint."""
    await until_ready()
    staff, user = accounts["bench"], accounts["benchuser"]
    bare = Operation("healthz", lambda: request("GET", "/healthz"))
    tickets = await tickets_of(user)
    far = await far_page(staff, arguments.tickets)
    print(
        f"{'operation':<12}{'conns':>6}{'req/s':>9}{'p50 ms':>9}{'p95 ms':>9}"
        f"{'cpu us':>9}{'of bare':>9}"
    )
    for connections in arguments.connections:
        for operation in operations(staff, user, tickets, far):
            if arguments.only and operation.name not in arguments.only:
                continue
            floor = await load_with(bare, connections, min(2, arguments.seconds))
            await load_with(operation, connections, 0.5)
            before = server_cpu(pid)
            got = await load_with(operation, connections, arguments.seconds)
            cpu = (server_cpu(pid) - before) / got["requests"] * 1e6
            share = got["per_second"] / floor["per_second"]
            failed = f"  {got['bad']} failed" if got["bad"] else ""
            print(
                f"{operation.name:<12}{connections:>6}{got['per_second']:>9.0f}"
                f"{got['p50_ms']:>9.2f}{got['p95_ms']:>9.2f}{cpu:>9.0f}{share:>8.0%}{failed}"
            )
    print(f"memory of the workers: {memory_mb(pid)} MB")


def main() -> None:
    """Load if necessary, serve, measure, stop."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("tickets", type=int)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 16])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--database", default="")
    parser.add_argument("--only", nargs="*", default=[], help="names of operations")
    arguments = parser.parse_args()
    kept_in = Path(os.environ.get("TICKET_VAR") or ROOT / "var")
    var = kept_in / "bench" / str(arguments.tickets)
    var.mkdir(parents=True, exist_ok=True)
    database = arguments.database or f"sqlite:///{var / 'desk.db'}"
    kept = var / f"accounts-{zlib.crc32(database.encode())}.json"
    if not kept.exists():
        loaded = subprocess.run(
            [sys.executable, str(ROOT / "benchmarks" / "load.py"), str(arguments.tickets)],
            env={**os.environ, "TICKET_DATABASE_URL": database, "TICKET_VAR": str(var)},
            check=True,
            capture_output=True,
        )
        kept.write_bytes(loaded.stdout.splitlines()[-1])
    accounts = tokens_of(json.loads(kept.read_text()))
    server = start_server(database, arguments.workers, var)
    try:
        asyncio.run(measure(arguments, accounts, server.pid))
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(10)


def tokens_of(parsed: dict[str, Any]) -> dict[str, str]:
    """Return the API tokens that the loader printed, by username."""
    return {name: parsed[name]["token"] for name in ("bench", "benchuser")}


if __name__ == "__main__":
    main()

"""The API in a process of its own, on a real port, over a database of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ticket_app.core.operations import installation
from ticket_app.core.people.actors import build_actor_with_role_defaults
from ticket_app.core.people.api_tokens import create_api_token
from ticket_app.core.people.registration import create_person
from ticket_app.core.platform.database import create_database_engine
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.platform.vocabulary import Role

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = {"uma": Role.USER, "sam": Role.AGENT, "ada": Role.ADMIN}
NO_LIMITS = {
    f"TICKET_RATE_{name}_PER_HOUR": "0" for name in ("GENERAL", "UPLOADS", "SEARCHES", "REPORTS")
}
"""For many tests that ask as the same few people."""


@dataclass(frozen=True)
class Served:
    """Where the API answers, its database, an API token for each of `PEOPLE`, what it runs in."""

    address: str
    database: str
    tokens: dict[str, str]
    environment: dict[str, str] = field(repr=False)

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def prepared(url: str) -> dict[str, str]:
    """Make the tables and the people; returns their API tokens."""
    engine = create_database_engine(url)
    installation.migrate(engine)
    tokens: dict[str, str] = {}
    with open_unit_of_work(writes=True, bind=engine) as uow:
        for name, role in PEOPLE.items():
            person = create_person(
                uow,
                username=name,
                email=f"{name}@example.test",
                password=None,
                first_name=name.title(),
                last_name="Test",
                role=role,
            )
            uow.actor = build_actor_with_role_defaults(person)
            tokens[name], _ = create_api_token(uow, "tests")
    engine.dispose()
    return tokens


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """The real API, serving until the block ends."""
    database = f"sqlite:///{folder / 'desk.db'}"
    tokens = prepared(database)
    port = free_port()
    environment = {
        **os.environ,
        "TICKET_VAR": str(folder),
        "TICKET_DATABASE_URL": database,
        "TICKET_FILES_URL": "",
        "TICKET_ENV": "test",
        "TICKET_SECRET_KEY": "a key for tests that nobody else has",
        **NO_LIMITS,
    }
    process = start_api(folder, port, environment)
    try:
        yield Served(f"http://127.0.0.1:{port}", database, tokens, environment)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def start_api(folder: Path, port: int, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start the API, and wait until it answers. It leads a process group of its own."""
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory"]
    command += ["--port", str(port), "ticket_app.api.app:build_api"]
    with (folder / "serve.log").open("w+") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}", process, folder / "serve.log")
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    return process


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        try:
            urllib.request.urlopen(f"{address}/api/tickets", timeout=5)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"the API did not start:\n{log.read_text()}")

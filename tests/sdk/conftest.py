"""A server and its clients, connected directly or through a faulty proxy."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update
from ticket_system_sdk import TicketSystemClient

from tests.api.serving import ROOT, Served, served
from tests.sdk import languages
from tests.sdk.faulty_proxy import FaultyProxy, run_proxy
from tests.sdk.node import install_package
from tests.sdk.webhook_receiver import WebhookReceiver, run_receiver
from ticket_app.core.people.registration import create_person
from ticket_app.core.platform import secrets
from ticket_app.core.platform.database import create_database_engine, write_connection
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.platform.vocabulary import Role
from ticket_app.tables import Department, Person

PASSWORD = "password"
"""The document's password. It is too weak to be set, so the tests write its hash."""
SIGNERS = ("username", "una", "ugo")
"""Users who sign in with `PASSWORD`; the first is the document's."""
DEPARTMENTS = ("IT", "Web")

Client = Callable[..., TicketSystemClient]


def insert_example_data(url: str) -> None:
    """Insert what the document's examples need: two departments, and users with a password."""
    engine = create_database_engine(url)
    with open_unit_of_work(writes=True, bind=engine) as uow:
        for name in SIGNERS:
            create_person(
                uow,
                username=name,
                email=f"{name}@example.test",
                password=None,
                first_name=name.title(),
                last_name="Test",
                role=Role.USER,
            )
        moment = uow.now
    person: Any = Person.__table__  # type: ignore[attr-defined]
    department: Any = Department.__table__  # type: ignore[attr-defined]
    with write_connection(engine) as connection:
        connection.execute(
            update(person)
            .where(person.c.username.in_(SIGNERS))
            .values(password_hash=secrets.hash_password(PASSWORD))
        )
        connection.execute(
            insert(department), [{"name": name, "created_at": moment} for name in DEPARTMENTS]
        )
    engine.dispose()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Run the real API in a process of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TICKET_SIGN_IN_TRIES_PER_MINUTE", "1000")
        patch.setenv("TICKET_WEBHOOK_ALLOW_HOSTS", "127.0.0.1")
        with served(tmp_path_factory.mktemp("sdk")) as running:
            insert_example_data(running.database)
            yield running


@pytest.fixture(scope="session")
def worker(server: Served) -> Iterator[None]:
    """Run background jobs in a process of their own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ticket_app", "worker"],
        cwd=ROOT,
        env=server.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield
    process.terminate()
    process.wait(20)


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    """Run a server that receives webhooks."""
    with run_receiver() as running:
        yield running


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the JavaScript package is installed."""
    return install_package(tmp_path_factory.mktemp("javascript"))


@pytest.fixture(scope="session")
def java(tmp_path_factory: pytest.TempPathFactory) -> languages.Program:
    """Return a function that returns the command of a Java program."""
    return languages.compile_java(tmp_path_factory.mktemp("java"))


@pytest.fixture(params=["php", "java"])
def program(request: pytest.FixtureRequest) -> languages.Program:
    """Return a function that returns the command of a program in each language."""
    return languages.php if request.param == "php" else request.getfixturevalue("java")


@pytest.fixture
def proxy(server: Served) -> Iterator[FaultyProxy]:
    """Run a proxy in front of the server."""
    with run_proxy(server.port) as running:
        yield running


@pytest.fixture
def client(server: Served) -> Iterator[Client]:
    """Return a function that creates a client for a person, for the server or another address."""
    with ExitStack() as stack:

        def make(name: str | None, address: str = server.address, **options: Any) -> Any:
            key = name and server.tokens[name]
            options.setdefault("first_wait", 0.001)
            return stack.enter_context(TicketSystemClient(address, key, **options))

        yield make

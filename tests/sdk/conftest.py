"""A desk to talk to, and clients of it: straight, or over a wire that fails as it is told."""

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
from tests.sdk.inbox import Inbox, listening
from tests.sdk.node import installed
from tests.sdk.wire import Wire, wired
from ticket_app.core.people.registration import create_person
from ticket_app.core.platform import secrets
from ticket_app.core.platform.database import create_database_engine, write_connection
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.platform.vocabulary import Role
from ticket_app.tables import Department, Person

PASSWORD = "password"
"""The document's own, which nobody may choose: it is put into the database."""
SIGNERS = ("username", "una", "ugo")
"""Users who sign in with `PASSWORD`; the first is the document's."""
DEPARTMENTS = ("IT", "Web")

Client = Callable[..., TicketSystemClient]


def move_in(url: str) -> None:
    """Put in what the document's examples take for granted: two departments, somebody to be."""
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
def uow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The real API in a process of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TICKET_SIGN_IN_TRIES_PER_MINUTE", "1000")
        patch.setenv("TICKET_WEBHOOK_ALLOW_HOSTS", "127.0.0.1")
        with served(tmp_path_factory.mktemp("sdk")) as running:
            move_in(running.database)
            yield running


@pytest.fixture(scope="session")
def worker(uow: Served) -> Iterator[None]:
    """What happens later happens, in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ticket_app", "worker"],
        cwd=ROOT,
        env=uow.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield
    process.terminate()
    process.wait(20)


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    """An address of ours that takes what webhooks bring."""
    with listening() as running:
        yield running


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the JavaScript package is installed."""
    return installed(tmp_path_factory.mktemp("javascript"))


@pytest.fixture
def wire(uow: Served) -> Iterator[Wire]:
    """A wire to the desk."""
    with wired(uow.port) as running:
        yield running


@pytest.fixture
def client(uow: Served) -> Iterator[Client]:
    """Makes a client for one of the people, straight to the desk or to another address."""
    with ExitStack() as stack:

        def make(name: str | None, address: str = uow.address, **options: Any) -> Any:
            key = name and uow.tokens[name]
            options.setdefault("first_wait", 0.001)
            return stack.enter_context(TicketSystemClient(address, key, **options))

        yield make

"""The API as programs see it: a client for each of the cast, over the test's own database."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, Protocol

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

from tests.api.serving import Served, served
from tests.cast import Cast
from ticket_app.core.people.api_tokens import create_api_token
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.unit_of_work import UnitOfWork, open_unit_of_work

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

NEW_TICKET: dict[str, Any] = {
    "title": "It does not start",
    "description": "Since the update it shows nothing.",
    "ticket_type": "bug",
    "application_section": "installation",
}


Working = Callable[[Actor], AbstractContextManager[UnitOfWork]]
CreateTicket = Callable[..., dict[str, Any]]


class As(Protocol):
    """Makes a client of the API that acts as somebody of the cast, or as nobody."""

    def __call__(self, actor: Actor | None) -> TestClient: ...


@pytest.fixture(scope="session")
def api() -> FastAPI:
    """The whole API, built once; it reads each test's settings as it answers."""
    from ticket_app.api.app import build_api

    return build_api()


@pytest.fixture
def working(database: Engine) -> Working:
    """Opens a writing desk for somebody, now: what happens beside the API under test."""

    def uow(actor: Actor) -> AbstractContextManager[UnitOfWork]:
        return open_unit_of_work(writes=True, actor=actor, bind=database)

    return uow


@pytest.fixture
def as_(api: FastAPI, working: Working) -> As:
    def client(actor: Actor | None) -> TestClient:
        headers = {}
        if actor is not None:
            with working(actor) as uow:
                token, _ = create_api_token(uow, "tests")
            headers["Authorization"] = f"Bearer {token}"
        return TestClient(api, headers=headers, raise_server_exceptions=False)

    return client


@pytest.fixture
def owner(as_: As, cast: Cast) -> TestClient:
    return as_(cast.owner)


@pytest.fixture
def colleague(as_: As, cast: Cast) -> TestClient:
    return as_(cast.colleague)


@pytest.fixture
def stranger(as_: As, cast: Cast) -> TestClient:
    return as_(cast.stranger)


@pytest.fixture
def agent(as_: As, cast: Cast) -> TestClient:
    return as_(cast.agent)


@pytest.fixture
def admin(as_: As, cast: Cast) -> TestClient:
    return as_(cast.admin)


@pytest.fixture
def nobody(as_: As) -> TestClient:
    return as_(None)


@pytest.fixture
def create_ticket(owner: TestClient) -> CreateTicket:
    """Files a ticket as its owner through the API; returns the answer's `ticket`."""
    return partial(file, owner)


def file(client: TestClient, **fields: Any) -> dict[str, Any]:
    """A ticket created through the API by whoever the client acts for."""
    answer = client.post("/api/tickets", json={**NEW_TICKET, **fields})
    assert answer.status_code == 200, answer.text
    return answer.json()["ticket"]


@pytest.fixture(scope="session", name="served")
def the_served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The API in a process of its own, for clients that are programs."""
    with served(tmp_path_factory.mktemp("served")) as running:
        yield running

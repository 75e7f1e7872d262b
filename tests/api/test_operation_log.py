"""Requests of each channel leave lines in the general log, joined by the request's id."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.api.conftest import NEW_TICKET, Working
from tests.api.mcp_clients import http_client, run
from tests.cast import Cast
from ticket_app.core.people.api_tokens import create_api_token
from ticket_app.core.people.credentials import ClientInfo, VerifiedPerson
from ticket_app.core.people.sessions import start_browser_session
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.opening import TicketDraft, open_ticket
from ticket_app.tables import Person
from ticket_app.ui import bridge


def lines_of(written: Any, event: str) -> list[dict[str, Any]]:
    return [line for line in written() if line["event"] == event]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/tickets", NEW_TICKET),
        ("/tickets", {"title": "Dark", "description": "No light"}),
        ("/api/ticketing/tickets/", {"subject": "Dark", "description": "No light"}),
    ],
)
def test_operation_has_the_id_of_its_request(
    owner: TestClient, written: Any, path: str, body: dict[str, Any]
) -> None:
    response = owner.post(path, json=body, headers={"X-Request-ID": "lamp-1"})
    assert response.status_code in (200, 201), response.text
    (operation,) = lines_of(written, "ticket_operation")
    (request,) = lines_of(written, "request")
    assert operation["request_id"] == request["request_id"] == "lamp-1"
    assert (operation["channel"], operation["actor"]) == ("api", "owner")
    assert (operation["operation"], operation["authenticated_by"]) == ("created", "api_token")


def test_rejection_has_the_id_of_its_request(
    owner: TestClient, nobody: TestClient, written: Any
) -> None:
    owner.get("/tickets/77", headers={"X-Request-ID": "lamp-2"})
    nobody.get("/tickets/77", headers={"X-Request-ID": "lamp-3"})
    owner.post("/tickets", json={"title": ""}, headers={"X-Request-ID": "lamp-4"})
    missing, anonymous, invalid = lines_of(written, "rejected")
    assert (missing["request_id"], missing["error"]) == ("lamp-2", "NotFound")
    assert (missing["actor"], missing["reason"]) == ("owner", "Ticket not found")
    assert missing["action"] == "GET /tickets/77"
    assert (anonymous["request_id"], anonymous["error"]) == ("lamp-3", "Unauthenticated")
    assert (invalid["request_id"], invalid["error"]) == ("lamp-4", "Invalid")


def test_tool_call_of_a_model_is_logged_like_a_request(
    own_settings: object, api: FastAPI, working: Working, cast: Cast, written: Any
) -> None:
    with working(cast.owner) as uow:
        token, _ = create_api_token(uow, "mcp")

    async def use() -> None:
        async with http_client(token, app=api) as client:
            await client.call_tool("create_ticket", {"title": "Dark", "description": "No light"})
            await client.call_tool("get_ticket", {"ticket": "77"})

    run(use)
    (operation,) = lines_of(written, "ticket_operation")
    assert (operation["channel"], operation["actor"]) == ("mcp", "owner")
    assert operation["request_id"] in {
        line["request_id"] for line in lines_of(written, "request") if line["path"] == "/mcp"
    }
    (rejected,) = lines_of(written, "rejected")
    assert (rejected["action"], rejected["actor"]) == ("tool get_ticket", "owner")


def test_web_app_logs_operations_and_rejections_with_an_id(
    database: object, working: Working, cast: Cast, written: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with working(cast.owner) as uow:
        person = uow.session.get_one(Person, cast.owner.id)
        cookie = start_browser_session(uow, VerifiedPerson(person), ClientInfo())
    tab = bridge.TabContext(cookie, None, is_local=True)
    monkeypatch.setattr(bridge, "TabContext", lambda *_: tab)
    for name in (
        "session_secret",
        "browser_time_zone",
        "is_local",
        "client_address",
        "take_known_actor",
    ):
        monkeypatch.setattr(bridge, name, lambda *_: None)

    async def use() -> None:
        page: Any = None
        await bridge.write(page, open_ticket, TicketDraft("Dark", "No light"))
        with pytest.raises(NotFound):
            await bridge.write(page, lock_ticket, 77)

    asyncio.run(use())
    (operation,) = lines_of(written, "ticket_operation")
    (rejected,) = lines_of(written, "rejected")
    assert (operation["channel"], operation["actor"]) == ("web", "owner")
    assert operation["authenticated_by"] == "session"
    assert (rejected["channel"], rejected["actor"]) == ("web", "owner")
    assert rejected["action"].endswith("locking.lock_ticket")
    assert operation["request_id"]
    assert operation["request_id"] != rejected["request_id"]

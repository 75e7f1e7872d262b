"""Every endpoint of every document, as nobody, the owner, a stranger and all who work here.

Generated from the routers: a new endpoint is in it at once, and belongs to everybody who sees the
ticket unless it is listed here as staff's or admins'.
"""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

import pytest
from fastapi import APIRouter
from starlette.testclient import TestClient

from tests.api.conftest import As
from tests.cast import Cast
from tests.core import samples
from ticket_app.api.dialects import bmasia, centcom, kubebro, ticketing
from ticket_app.api.kit import media

ROUTERS: dict[str, APIRouter] = {
    "centcom": centcom.router,
    "kubebro": kubebro.router,
    "bmasia": bmasia.router,
    "ticketing": ticketing.router,
    "media": media.router,
}
FOR_STAFF = {
    "GET /api/tickets/assigned_to_me/",
    "GET /api/tickets/stats/",
    "PATCH /api/tickets/{ticket_id}/update_status/",
    "DELETE /api/v1/tickets/{ticket_id}/",
    "POST /api/v1/tickets/{ticket_id}/assign/",
    "POST /api/v1/companies/",
    "POST /api/v1/contacts/",
    "DELETE /api/ticketing/tickets/{ticket_id}/",
    "POST /api/ticketing/tickets/{ticket_id}/assign/",
    "POST /api/ticketing/tickets/{ticket_id}/change_status/",
    "POST /api/ticketing/customers/",
}
FOR_ADMINS = {
    "POST /api/admin/setup-ticket-management",
    "GET /api/ticketing/tickets/trash/",
    "POST /api/ticketing/tickets/{ticket_id}/restore/",
    "DELETE /api/ticketing/tickets/trash/{ticket_id}/",
}
ABOUT_NO_TICKET = re.compile(r"/(companies|contacts|users|customers|setup-ticket-management)\b")
SECRET = "Nobody else must read of the heron"


@dataclass
class World:
    """A ticket of the owner's with a comment and a file, and what can be named beside it."""

    ids: dict[str, str]
    named: dict[str, Any]


@pytest.fixture
def world(owner: TestClient, agent: TestClient, admin: TestClient, cast: Cast) -> World:
    company = str(uuid5(NAMESPACE_DNS, "Lanternworks"))
    body = {"subject": SECRET, "description": SECRET, "company": company}
    created = owner.post("/api/v1/tickets/", json=body).json()
    ticket_id = created["id"]
    comment = owner.post(f"/api/v1/tickets/{ticket_id}/add_comment/", json={"text": SECRET}).json()
    sent = owner.post(
        "/api/v1/ticket-attachments/",
        data={"ticket": ticket_id},
        files={"file": ("heron.png", samples.png())},
    ).json()
    contact = agent.post("/api/v1/contacts/", json={"name": "Jo"}).json()
    year, month, name = sent["file"].split("/")[-3:]
    return World(
        ids={
            "ticket_id": ticket_id,
            "comment_id": comment["id"],
            "attachment_id": sent["id"],
            "company_id": company,
            "contact_id": contact["id"],
            "user_id": str(cast.agent.uuid),
            "year": year,
            "month": month,
            "name": name,
        },
        named={
            "title": "x",
            "subject": "x",
            "description": "x",
            "content": "x",
            "text": "x",
            "name": "Newcomers",
            "status": "resolved",
            "ticket_type": "bug",
            "application_section": "x",
        },
    )


def endpoints() -> list[Any]:
    return [
        pytest.param(method, route, id=f"{method} {route.path}")
        for router in ROUTERS.values()
        for route in router.routes
        for method in sorted(getattr(route, "methods", ()))
    ]


def is_about_tickets(endpoint: Any) -> bool:
    return not ABOUT_NO_TICKET.search(endpoint.values[1].path)


def call(client: TestClient, method: str, route: Any, world: World, cast: Cast, **ids: str) -> Any:
    """Call an endpoint with just what it must have."""
    whose = {**world.ids, **ids}
    path = route.path
    for name, value in whose.items():
        path = path.replace("{" + name + "}", value)
    assert "{" not in path, path
    is_integer = path.startswith("/api/ticketing")
    ticket = (1 if whose["ticket_id"] == world.ids["ticket_id"] else 99) if is_integer else None
    ticket = ticket or whose["ticket_id"]
    if "upload" in inspect.signature(route.endpoint).parameters:
        sent = {"data": {"ticket": ticket}, "files": {"file": ("a.png", samples.png())}}
        return client.request(method, path, **sent)
    body = None
    if route.body_field is not None:
        user = cast.agent.id if is_integer else str(cast.agent.uuid)
        company = 1 if is_integer else world.ids["company_id"]
        values = {**world.named, "ticket": ticket, "user_id": user, "company": company}
        model = route.body_field.field_info.annotation
        body = {
            name: values[name]
            for name, payload in model.model_fields.items()
            if payload.is_required()
        }
    return client.request(method, path, json=body)


@pytest.mark.parametrize(("method", "route"), endpoints())
def test_each_endpoint_answers_only_those_it_is_for(
    method: str, route: Any, world: World, as_: As, cast: Cast, admin: TestClient
) -> None:
    name = f"{method} {route.path}"
    for_admins, for_staff = name in FOR_ADMINS, name in FOR_STAFF
    if name.endswith("/restore/") or "/trash/{" in name:
        assert admin.delete(f"/api/v1/tickets/{world.ids['ticket_id']}/").status_code == 204
    assert call(as_(None), method, route, world, cast).status_code == 401
    status = call(as_(cast.owner), method, route, world, cast).status_code
    if for_admins or for_staff:
        assert status == 403
    elif not ABOUT_NO_TICKET.search(route.path):
        assert status < 300
    if method == "DELETE" and status == 204:
        return
    consumed = method == "DELETE" and not for_admins
    for who in ("agent",) if consumed else ("agent", "manager", "admin"):
        world.named["name"] = f"Newcomers of {who}"
        status = call(as_(getattr(cast, who)), method, route, world, cast).status_code
        if for_admins and who != "admin":
            assert status == 403, who
        else:
            assert status < 300, who


@pytest.mark.parametrize(("method", "route"), [e for e in endpoints() if is_about_tickets(e)])
def test_a_stranger_never_learns_that_a_ticket_exists(
    method: str, route: Any, world: World, stranger: TestClient, cast: Cast
) -> None:
    answer = call(stranger, method, route, world, cast)
    assert SECRET not in answer.text
    assert "heron" not in answer.text
    missing = "00000000-0000-4000-8000-000000000000"
    elsewhere = dict.fromkeys(("ticket_id", "comment_id", "attachment_id"), missing)
    without = call(
        stranger, method, route, world, cast, **elsewhere, name="1700000000_abcdefgh.png"
    )
    assert answer.status_code == without.status_code
    about_one = "{" in route.path or "ticket" in _body_fields(route)
    if about_one:
        assert answer.status_code in (403, 404)
        assert answer.json() == without.json()
    elif method == "GET":
        payload = answer.json()
        assert (
            payload.get("count", 0)
            == payload.get("total", 0)
            == payload.get("total_tickets", 0)
            == 0
        )
        assert not payload.get("tickets", payload.get("results"))


def _body_fields(route: Any) -> set[str]:
    if "upload" in inspect.signature(route.endpoint).parameters:
        return {"ticket"}
    return set(route.body_field.field_info.annotation.model_fields) if route.body_field else set()
